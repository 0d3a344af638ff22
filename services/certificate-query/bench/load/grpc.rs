//! One connection of gRPC, several calls under way: HTTP/2 as far as it is needed for that (RFC 9113,
//! RFC 7541). What headers say of an answer is not looked at, only its message: there is none where
//! a call failed.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{bail, ensure};
use prost::Message;
use proto::certificate::v1::{VerificationStatus, VerifyCertificateRequest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{GRPC_STREAMS, Pace, Question, Questions, Tally};

const PATH: &str = "/luban.certificate.v1.CertificateQueryService/VerifyCertificate";

/// Types of frames, and flags of theirs.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;

/// Length of a frame's head, and of what comes before a message of gRPC.
const FRAME_HEAD: usize = 9;
const MESSAGE_HEAD: usize = 5;
/// What the server may send without being told to go on: more than any run makes of it.
const WINDOW: u32 = 0x3fff_ffff;
/// What we may send before the server says more.
const FIRST_WINDOW: i64 = 65_535;

/// Asks until time is over.
pub(super) async fn converse(
    address: SocketAddr,
    questions: Questions,
    pace: Pace,
) -> anyhow::Result<Tally> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut connection = Connection {
        questions,
        pace,
        tally: Tally::default(),
        out: Vec::new(),
        calls: HashMap::new(),
        next_stream: 1,
        window: FIRST_WINDOW,
    };
    connection.open();
    let mut received = Vec::with_capacity(1 << 16);
    while connection.ask().await {
        stream.write_all(&connection.out).await?;
        connection.out.clear();
        ensure!(
            stream.read_buf(&mut received).await? > 0,
            "the connection was closed"
        );
        connection.take(&mut received)?;
    }
    Ok(connection.tally)
}

/// A call under way.
struct Call {
    due: Instant,
    right: bool,
}

struct Connection {
    questions: Questions,
    pace: Pace,
    tally: Tally,
    /// What is to be sent.
    out: Vec<u8>,
    calls: HashMap<u32, Call>,
    next_stream: u32,
    /// Bytes that may be sent.
    window: i64,
}

impl Connection {
    fn open(&mut self) {
        self.out
            .extend_from_slice(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        self.frame(SETTINGS, 0, 0, &[]);
        self.frame(WINDOW_UPDATE, 0, 0, &WINDOW.to_be_bytes());
    }

    /// Begins as many calls as may be under way; false when time is over and none is.
    async fn ask(&mut self) -> bool {
        while self.calls.len() < GRPC_STREAMS && self.window > 4096 {
            let Some(due) = self.pace.due().await else {
                break;
            };
            let question = self.questions.next();
            self.call(&question);
            let call = Call { due, right: false };
            self.calls.insert(self.next_stream, call);
            self.next_stream += 2;
        }
        !self.calls.is_empty()
    }

    fn call(&mut self, question: &Question) {
        let headers = headers(self.next_stream == 1, &question.forwarded_for());
        self.frame(HEADERS, END_HEADERS, self.next_stream, &headers);
        let request = VerifyCertificateRequest {
            number: question.number.clone(),
            name: question.name.clone(),
        };
        let length = u32::try_from(request.encoded_len()).expect("a short message");
        let mut message = vec![0];
        message.extend_from_slice(&length.to_be_bytes());
        request.encode(&mut message).expect("memory takes all");
        self.window -= i64::try_from(message.len()).expect("a short message");
        self.frame(DATA, END_STREAM, self.next_stream, &message);
    }

    fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let length = u32::try_from(payload.len()).expect("a short frame");
        self.out.extend_from_slice(&length.to_be_bytes()[1..]);
        self.out.extend_from_slice(&[kind, flags]);
        self.out.extend_from_slice(&stream.to_be_bytes());
        self.out.extend_from_slice(payload);
    }

    /// Takes in whatever whole frames have come.
    fn take(&mut self, received: &mut Vec<u8>) -> anyhow::Result<()> {
        let mut rest = received.as_slice();
        while let Some((head, after)) = rest.split_first_chunk::<FRAME_HEAD>() {
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
            let Some((payload, after)) = after.split_at_checked(length) else {
                break;
            };
            let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
            self.frame_came(head[3], head[4], stream, payload)?;
            rest = after;
        }
        let taken = received.len() - rest.len();
        received.drain(..taken);
        Ok(())
    }

    fn frame_came(
        &mut self,
        kind: u8,
        flags: u8,
        stream: u32,
        payload: &[u8],
    ) -> anyhow::Result<()> {
        match kind {
            DATA => {
                let right = [8, VerificationStatus::Valid as u8];
                if let Some(call) = self.calls.get_mut(&stream) {
                    call.right |= payload
                        .get(MESSAGE_HEAD..)
                        .is_some_and(|m| m.starts_with(&right));
                }
            }
            SETTINGS if flags & ACK == 0 => self.frame(SETTINGS, ACK, 0, &[]),
            PING if flags & ACK == 0 => self.frame(PING, ACK, 0, payload),
            WINDOW_UPDATE if stream == 0 => {
                let more = payload.first_chunk().copied().unwrap_or_default();
                self.window += i64::from(u32::from_be_bytes(more));
            }
            RST_STREAM => self.ended(stream),
            GOAWAY => bail!("the server ends the connection"),
            _ => {}
        }
        if matches!(kind, DATA | HEADERS) && flags & END_STREAM != 0 {
            self.ended(stream);
        }
        Ok(())
    }

    fn ended(&mut self, stream: u32) {
        if let Some(call) = self.calls.remove(&stream)
            && self.pace.counts(call.due)
        {
            self.tally.note(call.due, call.right);
        }
    }
}

/// The headers of a call, compressed: what is the same in all is sent with the first and stands in
/// the connection's table from then on, as any client does it.
fn headers(is_first: bool, source: &str) -> Vec<u8> {
    // `:method: POST` and `:scheme: http` of the static table.
    let mut block = vec![0x83, 0x86];
    if is_first {
        for (name, value) in [
            // Names of the static table, with a new value.
            (&[0x44][..], PATH),
            (&[0x41], "query"),
            (&[0x5f], "application/grpc"),
            // A new name.
            (&[0x40, 2, b't', b'e'], "trailers"),
        ] {
            block.extend_from_slice(name);
            text(&mut block, value);
        }
    } else {
        // Entries 65 to 62, which are those four: the first one put in is the furthest.
        block.extend_from_slice(&[0xc1, 0xc0, 0xbf, 0xbe]);
    }
    // Another one each time: not for the table.
    block.push(0);
    text(&mut block, "x-forwarded-for");
    text(&mut block, source);
    block
}

fn text(block: &mut Vec<u8>, text: &str) {
    let length = u8::try_from(text.len()).expect("shorter than 127");
    assert!(length < 127, "longer texts have another form");
    block.push(length);
    block.extend_from_slice(text.as_bytes());
}
