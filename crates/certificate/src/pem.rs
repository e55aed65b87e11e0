//! PEM blocks, as OpenSSL 3 reads them (`PEM_read_bio`).
//!
//! What OpenSSL passes over is passed over here: text around the blocks, a byte order mark, spaces at the
//! ends of lines. What stops it is named: it gives up a whole file for one block that does not decode.

use zeroize::Zeroizing;

use base::base64;

/// A line that OpenSSL can't take for a `BEGIN` line: it reads no further at once.
const LONGEST_LINE: usize = 254;
/// The longest line of a block that has headers.
const LONGEST_AFTER_HEADER: usize = 64;

/// One block: `-----BEGIN LABEL-----` to `-----END LABEL-----`.
pub(super) struct Block {
    /// `CERTIFICATE`, `PRIVATE KEY`
    pub(super) label: String,
    /// The line of its `BEGIN`, from 1.
    pub(super) line: usize,
    pub(super) body: Body,
    /// Whether its END line is missing, and OpenSSL takes the next one for it: what is between is lost.
    pub(super) swallows: bool,
}

pub(super) enum Body {
    /// What the base64 stands for. It may be a private key: it is wiped when it goes.
    Der(Zeroizing<Vec<u8>>),
    /// A key in OpenSSL's old encrypted form: `Proc-Type: 4,ENCRYPTED`.
    Encrypted,
    /// OpenSSL stops here; the text says at what.
    Broken(&'static str),
}

/// The blocks of a file, in its order.
pub(super) fn blocks(bytes: &[u8]) -> Vec<Block> {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let mut blocks = vec![];
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let number = at + 1;
        at += 1;
        let Some(label) = label(line) else {
            continue;
        };
        let (body, after) = body(&label, &lines, at);
        at = after;
        let swallows = lines[number..at].iter().any(|line| line.starts_with(b"-----BEGIN "));
        blocks.push(Block { label, line: number, body, swallows });
    }
    blocks
}

/// The label of a `BEGIN` line.
fn label(line: &[u8]) -> Option<String> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    if line.len() > LONGEST_LINE {
        return None;
    }
    let label = trimmed(line).strip_prefix(b"-----BEGIN ")?.strip_suffix(b"-----")?;
    Some(String::from_utf8_lossy(label).into_owned())
}

/// A line without what OpenSSL strips off its end: white space, control characters, and bytes that are
/// negative to C.
fn trimmed(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|byte| (b'!'..0x80).contains(byte));
    &line[..end.map_or(0, |last| last + 1)]
}

/// The body of the block that begins at this line, and the line after it.
fn body(label: &str, lines: &[&[u8]], from: usize) -> (Body, usize) {
    let mut header: Option<Vec<&[u8]>> = None;
    let mut content: Vec<&[u8]> = vec![];
    let mut in_header = false;
    for (number, line) in lines.iter().enumerate().skip(from) {
        let next = number + 1;
        in_header |= header.is_none() && line.contains(&b':');
        let line = trimmed(line);
        if line.is_empty() {
            // What follows the last line break is not a line.
            if next == lines.len() {
                break;
            }
            if header.is_some() {
                return (Body::Broken("it contains a blank line"), next);
            }
            header = Some(std::mem::take(&mut content));
            continue;
        }
        if let Some(end) = line.strip_prefix(b"-----END ") {
            let whole = end.strip_suffix(b"-----") == Some(label.as_bytes());
            let body = if !whole {
                Body::Broken("its END line does not fit its BEGIN line")
            } else if in_header && header.is_none() {
                Body::Broken("its header does not end with a blank line")
            } else {
                decoded(header.as_deref(), &content)
            };
            return (body, next);
        }
        content.push(line);
    }
    (Body::Broken("its END line is missing"), lines.len())
}

fn decoded(header: Option<&[&[u8]]>, content: &[&[u8]]) -> Body {
    if let Some(header) = header {
        let short = content.iter().position(|line| line.len() < LONGEST_AFTER_HEADER);
        if content.iter().any(|line| line.len() > LONGEST_AFTER_HEADER)
            || short.is_some_and(|short| short + 1 < content.len())
        {
            return Body::Broken("a line in it has a different length than the others");
        }
        if let Some(first) = header.first() {
            return if first.starts_with(b"Proc-Type:") {
                Body::Encrypted
            } else {
                Body::Broken("it contains a blank line")
            };
        }
    }
    let text = Zeroizing::new(content.concat());
    // OpenSSL takes a hyphen for the end.
    let end = text.iter().position(|byte| *byte == b'-').unwrap_or(text.len());
    let digits = text[..end].iter().filter(|byte| !byte.is_ascii_whitespace()).count();
    let padding = text[..end].split(|byte| *byte == b'=').skip(1).count();
    let bytes = std::str::from_utf8(&text[..end])
        .ok()
        .filter(|_| digits > 0 && digits % 4 == 0 && padding <= 2)
        .and_then(base64::bytes);
    match bytes {
        Some(bytes) => Body::Der(Zeroizing::new(bytes)),
        None => Body::Broken("it is not base64"),
    }
}

/// What a file without a usable block is, in words, and what to do with it.
pub(super) fn what_else(bytes: &[u8]) -> (&'static str, &'static str) {
    let text = String::from_utf8_lossy(bytes);
    let has = |what: &str| text.contains(what);
    let der = |tag: &[u8]| {
        bytes.first() == Some(&0x30) && bytes.windows(tag.len()).take(24).any(|at| at == tag)
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        ("is empty", "Put the PEM text into it.")
    } else if bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) {
        ("is a Java key store", "Export its certificates as PEM with `keytool -exportcert -rfc`.")
    } else if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        ("is text in UTF-16", "Save it as UTF-8 or ASCII.")
    } else if der(&[0x02, 0x01, 0x03, 0x30]) {
        (
            "is a PKCS#12 store (.p12, .pfx)",
            "Take the PEM files out of it: `openssl pkcs12 -in FILE -nodes -out FILE.pem`.",
        )
    } else if der(&[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07]) {
        (
            "is a PKCS#7 store (.p7b)",
            "Take the PEM certificates out of it: `openssl pkcs7 -inform DER -in FILE -print_certs`.",
        )
    } else if bytes.first() == Some(&0x30) && bytes.get(1).is_some_and(|length| *length >= 0x80) {
        ("is DER, not PEM", "Convert it: `openssl x509 -inform DER -in FILE -out FILE.pem`.")
    } else if has("-----BEGIN ") && has("\\n") && !has("-----\n") && !has("-----\r") {
        (
            "is PEM on one line, with `\\n` written out",
            "Put real line breaks in the place of each `\\n`.",
        )
    } else if text
        .lines()
        .any(|line| line.starts_with([' ', '\t']) && line.trim_start().starts_with("-----BEGIN "))
    {
        (
            "is PEM that is indented",
            "Let the `-----BEGIN` and `-----END` lines start in the first column.",
        )
    } else if text.trim().starts_with("MII") {
        (
            "is base64 without its `-----BEGIN` and `-----END` lines",
            "Write `-----BEGIN CERTIFICATE-----` before and `-----END CERTIFICATE-----` after it.",
        )
    } else if text.trim().starts_with("LS0tLS1") {
        ("is PEM in base64 once more, as a Secret holds it", "Decode it: `base64 -d`.")
    } else if has("-----BEGIN ") {
        (
            "holds a `-----BEGIN` that is not alone on its line",
            "Give each `-----BEGIN …-----` a line of its own.",
        )
    } else {
        ("holds no PEM block", "Put the PEM text into it: it starts with `-----BEGIN`.")
    }
}
