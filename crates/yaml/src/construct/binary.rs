//! `!!binary`: base64 as CPython's `binascii.a2b_base64` decodes it, foreign characters skipped.

use python::convert::repr_str;

/// The bytes, or the problem of PyYAML's `ConstructorError`.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, String> {
    check_ascii(text)?;
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut quad = 0;
    let mut left = 0;
    let mut pads = 0;
    for byte in text.bytes() {
        if byte == b'=' {
            if quad >= 2 {
                pads += 1;
                if quad + pads >= 4 {
                    return Ok(bytes);
                }
            }
            continue;
        }
        let Some(sextet) = sextet(byte) else {
            continue;
        };
        pads = 0;
        match quad {
            0 => left = sextet,
            1 => {
                bytes.push(left << 2 | sextet >> 4);
                left = sextet & 0x0f;
            }
            2 => {
                bytes.push(left << 4 | sextet >> 2);
                left = sextet & 0x03;
            }
            _ => bytes.push(left << 6 | sextet),
        }
        quad = (quad + 1) % 4;
    }
    match quad {
        0 => Ok(bytes),
        1 => {
            let count = bytes.len() / 3 * 4 + 1;
            Err(format!(
                "failed to decode base64 data: Invalid base64-encoded string: number of data \
                 characters ({count}) cannot be 1 more than a multiple of 4"
            ))
        }
        _ => Err("failed to decode base64 data: Incorrect padding".to_owned()),
    }
}

fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// `text.encode('ascii')`
fn check_ascii(text: &str) -> Result<(), String> {
    let foreign = |c: &char| !c.is_ascii();
    let Some(at) = text.chars().position(|c| foreign(&c)) else {
        return Ok(());
    };
    let run: Vec<char> = text.chars().skip(at).take_while(foreign).collect();
    let what = match run[..] {
        [c] => {
            let code = u32::from(c);
            let escaped = match code {
                ..=0xff => format!("\\x{code:02x}"),
                0x100..=0xffff => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            };
            format!("character '{escaped}' in position {at}")
        }
        _ => format!("characters in position {at}-{}", at + run.len() - 1),
    };
    let codec = repr_str("ascii");
    Err(format!(
        "failed to convert base64 data into ascii: {codec} codec can't encode {what}: ordinal not \
         in range(128)"
    ))
}
