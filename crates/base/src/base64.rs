//! Base64, as the `data` of a Kubernetes Secret and PEM blocks hold it.

/// The text that standard base64 stands for; `None` where it is not base64 or not UTF-8.
pub fn text(encoded: &str) -> Option<String> {
    String::from_utf8(bytes(encoded)?).ok()
}

/// The bytes that standard base64 stands for; `None` where it is none. White space is passed over.
pub fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u8);
    let mut padding = false;
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding = true;
                continue;
            }
            _ => return None,
        };
        if padding {
            return None;
        }
        bits = (bits << 6 | u32::from(digit)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    // Six bits left over: a digit on its own is not a byte.
    if count >= 6 {
        return None;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{bytes, text};

    #[test]
    fn decodes_what_a_secret_holds() {
        assert_eq!(text("c2VjcmV0").as_deref(), Some("secret"));
        assert_eq!(text("cGE6c3M=").as_deref(), Some("pa:ss"));
        assert_eq!(text("cA==\n").as_deref(), Some("p"));
        assert_eq!(text("").as_deref(), Some(""));
        assert_eq!(text("not base64!"), None);
        assert_eq!(text("c"), None);
        assert_eq!(text("/w=="), None, "not UTF-8");
        assert_eq!(bytes("/w=="), Some(vec![0xff]));
    }
}
