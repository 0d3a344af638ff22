//! What comes out of the printer.

use std::fs;
use std::path::PathBuf;

use documents::{Document, PrintError, Printer};
use typst_layout::PagedDocument;
use typst_render::RenderOptions;

use crate::samples;

/// Where Debian's package puts the fonts.
const FONTS: &str = "/usr/share/fonts/opentype/noto";
/// Pixels that may differ between a page and its preview, of a thousand.
const TOLERANCE: usize = 5;

#[test]
fn every_document_looks_like_its_preview() {
    looks_like("filing_receipt", &samples::receipt());
    looks_like("public_notice", &samples::notice());
    looks_like("result_notice", &samples::result_notice());
    looks_like("score_sheet", &samples::scores());
    let certificate = samples::certificates(vec![samples::certificate()]);
    looks_like("certificate", &certificate);
    let long = samples::certificates(vec![samples::long_certificate()]);
    looks_like("certificate_long", &long);
    looks_like("basic_form", &samples::form());
    looks_like("assessment_record", &samples::assessment());
    looks_like("inspection_announcement", &samples::inspection());
}

#[test]
fn the_same_values_give_the_same_bytes() {
    let printer = printer();
    let first = printer.pdf(&samples::receipt()).expect("printed");
    assert!(first.starts_with(b"%PDF-1."), "a PDF");
    assert_eq!(printer.pdf(&samples::receipt()).expect("again"), first);

    let mut other = samples::receipt();
    other.issued_on = "2020-05-28".to_owned();
    assert_ne!(printer.pdf(&other).expect("another one"), first);
}

#[test]
fn certificates_are_a_page_each_however_long_their_names() {
    let both = vec![samples::certificate(), samples::long_certificate()];
    let three = samples::certificates([both.clone(), both[..1].to_vec()].concat());
    let paper = printer().pages(&three).expect("laid out");
    assert_eq!(paper.pages().len(), 3);
}

#[test]
fn a_scanner_reads_the_address_off_the_picture_of_a_certificate() {
    let certificate = samples::certificates(vec![samples::long_certificate()]);
    let file = printer().png(&certificate).expect("drawn");
    let mut reader = png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .expect("a picture");
    let mut pixels = vec![0; reader.output_buffer_size().expect("its size")];
    let info = reader.next_frame(&mut pixels).expect("pixels");
    let (width, height) = (info.width as usize, info.height as usize);
    let channels = info.color_type.samples();
    let gray = |x: usize, y: usize| pixels[(y * width + x) * channels];
    let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, height, gray);
    let codes = seen.detect_grids();
    let read: Vec<String> = codes
        .iter()
        .map(|code| code.decode().expect("readable").1)
        .collect();
    assert_eq!(read, [samples::LINK]);
}

#[test]
fn what_people_wrote_is_text_and_never_markup() {
    let mut form = samples::form();
    form.strengths = "#panic(\"x\") $ [ *b* `c` \\ @d <e> // f".to_owned();
    printer().pdf(&form).expect("printed as it is");
}

#[test]
fn a_long_list_goes_on_over_pages() {
    let mut notice = samples::notice();
    notice.rows = vec![notice.rows[0].clone(); 80];
    let paper = printer().pages(&notice).expect("laid out");
    assert!(paper.pages().len() > 2, "{} pages", paper.pages().len());
}

#[test]
fn a_character_that_the_fonts_lack_is_refused_and_not_told() {
    let mut receipt = samples::receipt();
    receipt.organization_name = "示例\u{10FFFD}学院".to_owned();
    let refused = printer().pdf(&receipt).expect_err("no such shape");
    assert!(matches!(refused, PrintError::CharacterMissing));
    assert!(!refused.to_string().contains('\u{10FFFD}'));
}

#[test]
fn without_fonts_nothing_is_printed() {
    let refused = Printer::open("/nowhere").map(|_| ());
    assert!(matches!(refused, Err(PrintError::Fonts(_))));
}

fn printer() -> Printer {
    Printer::open(FONTS).expect("the fonts of the package")
}

/// A picture of a page: its width and the levels of gray, row by row.
struct Picture {
    width: u32,
    grays: Vec<u8>,
}

fn looks_like<D: Document>(name: &str, document: &D) {
    let paper = printer().pages(document).expect(name);
    let drawn = first_page(&paper);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/previews/{name}.png"));
    if std::env::var_os("LUBAN_WRITE_PREVIEWS").is_some() {
        fs::write(&path, encode(&drawn)).expect("write the preview");
    }
    let preview = decode(&fs::read(&path).expect("the preview is committed"));
    assert_eq!(
        (drawn.width, drawn.grays.len()),
        (preview.width, preview.grays.len()),
        "{name}"
    );
    let pairs = drawn.grays.iter().zip(&preview.grays);
    let different = pairs
        .filter(|(one, other)| one.abs_diff(**other) > 32)
        .count();
    assert!(
        different * 1000 <= TOLERANCE * drawn.grays.len(),
        "{name}: {different} pixels differ from tests/previews"
    );
}

fn first_page(paper: &PagedDocument) -> Picture {
    let page = paper.pages().first().expect("a page");
    let small = RenderOptions {
        pixel_per_pt: 1.0.into(),
        ..RenderOptions::default()
    };
    let pixels = typst_render::render(page, &small);
    let grays = pixels.pixels().iter().map(|pixel| {
        let sum = u16::from(pixel.red()) + u16::from(pixel.green()) + u16::from(pixel.blue());
        u8::try_from(sum / 3).expect("a mean of bytes")
    });
    Picture {
        width: pixels.width(),
        grays: grays.collect(),
    }
}

fn encode(picture: &Picture) -> Vec<u8> {
    let mut file = Vec::new();
    let height = u32::try_from(picture.grays.len()).expect("a page") / picture.width;
    let mut encoder = png::Encoder::new(&mut file, picture.width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&picture.grays).expect("a picture");
    writer.finish().expect("an end");
    file
}

fn decode(file: &[u8]) -> Picture {
    let mut reader = png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .expect("a picture");
    let mut grays = vec![0; reader.output_buffer_size().expect("its size")];
    reader.next_frame(&mut grays).expect("pixels");
    Picture {
        width: reader.info().width,
        grays,
    }
}
