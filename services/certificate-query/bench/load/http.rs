//! One connection of HTTP/1.1, one request under way.

use std::io::Write;
use std::net::SocketAddr;

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Pace, Question, Questions, Tally};

/// How the answer about a certificate in force begins, and a constant in its place.
const RIGHT: &[u8] = br#"{"status":"valid""#;

/// Asks until time is over.
pub(super) async fn converse(
    address: SocketAddr,
    mut questions: Questions,
    mut pace: Pace,
) -> anyhow::Result<Tally> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut tally = Tally::default();
    let (mut request, mut answer) = (Vec::new(), Vec::with_capacity(8192));
    while let Some(due) = pace.due().await {
        write(&mut request, &questions.next());
        stream.write_all(&request).await?;
        let right = read(&mut stream, &mut answer).await?;
        if pace.counts(due) {
            tally.note(due, right);
        }
    }
    Ok(tally)
}

fn write(request: &mut Vec<u8>, question: &Question) {
    request.clear();
    let body = format!(
        r#"{{"number":"{}","name":"{}"}}"#,
        question.number, question.name
    );
    write!(
        request,
        "POST /api/v1/certificates:verify HTTP/1.1\r\nhost: query\r\n\
         content-type: application/json\r\nx-forwarded-for: {}\r\ncontent-length: {}\r\n\r\n{body}",
        question.forwarded_for(),
        body.len(),
    )
    .expect("memory takes all");
}

/// Reads one answer, and says whether it is the certificate.
async fn read(stream: &mut TcpStream, answer: &mut Vec<u8>) -> anyhow::Result<bool> {
    answer.clear();
    loop {
        ensure!(
            stream.read_buf(answer).await? > 0,
            "the connection was closed"
        );
        let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let body = head + 4;
        if answer.len() >= body + length(&answer[..head])? {
            let is_ok = answer.starts_with(b"HTTP/1.1 200");
            return Ok(is_ok && answer[body..].starts_with(RIGHT));
        }
    }
}

/// The length of the body that a head tells of.
fn length(head: &[u8]) -> anyhow::Result<usize> {
    const NAME: &[u8] = b"content-length:";
    let mut lines = head.split(|byte| *byte == b'\n');
    let line = lines
        .find(|line| line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME))
        .context("an answer without a length")?;
    Ok(std::str::from_utf8(&line[NAME.len()..])?.trim().parse()?)
}
