//! Who holds a token: whoever opens the printed address, and pages that were paired by the code in
//! the terminal.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::guard::Caller;

/// Letters and digits that are not taken for one another.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// About 40 bits: with few tries, far more than enough.
const CODE_LENGTH: usize = 8;

/// After so many wrong codes, no code is taken any more.
const MOST_WRONG: u32 = 5;

/// Tokens of pages that were paired; more push the oldest out.
const MOST_TOKENS: usize = 32;

/// The pairing code and the tokens.
pub(crate) struct Pairing {
    state: Mutex<State>,
}

struct State {
    code: String,
    wrong: u32,
    tokens: VecDeque<Token>,
}

/// A token is good for whom it was given to.
struct Token {
    holder: Caller,
    value: String,
}

/// What pairing gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Paired {
    /// A token, and the code for the next page.
    Token { token: String, next_code: String },
    /// The code is wrong; so many tries are left.
    Wrong { left: u32 },
    /// Too many codes were wrong.
    Locked,
}

impl Pairing {
    /// A companion's pairing, with the printed address' token and the first code.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(crate) fn new() -> Result<(Self, String, String), getrandom::Error> {
        let (token, code) = (token()?, code()?);
        let own = Token { holder: Caller::Own, value: token.clone() };
        let state = State { code: code.clone(), wrong: 0, tokens: VecDeque::from([own]) };
        Ok((Self { state: Mutex::new(state) }, token, written(&code)))
    }

    /// Takes a code, once. Case, spaces and dashes do not matter.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(crate) fn pair(&self, given: &str, holder: &Caller) -> Result<Paired, getrandom::Error> {
        let (token, next) = (token()?, code()?);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.wrong >= MOST_WRONG {
            return Ok(Paired::Locked);
        }
        let given: Vec<u8> = given
            .bytes()
            .filter(|byte| !matches!(byte, b' ' | b'-'))
            .map(|byte| byte.to_ascii_uppercase())
            .collect();
        if !same(&given, state.code.as_bytes()) {
            state.wrong += 1;
            return Ok(match MOST_WRONG - state.wrong {
                0 => Paired::Locked,
                left => Paired::Wrong { left },
            });
        }
        state.wrong = 0;
        let next_code = written(&next);
        state.code = next;
        if state.tokens.len() > MOST_TOKENS {
            // The first is the printed one.
            state.tokens.remove(1);
        }
        state.tokens.push_back(Token { holder: holder.clone(), value: token.clone() });
        Ok(Paired::Token { token, next_code })
    }

    /// Whether a token is good for who shows it, in a time that does not tell how much of it is.
    pub(crate) fn takes(&self, given: &str, holder: &Caller) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let own = state.tokens.iter().filter(|token| token.holder == *holder);
        // Counted, not searched for: each is compared.
        own.filter(|token| same(given.as_bytes(), token.value.as_bytes())).count() > 0
    }
}

/// Whether two texts are the same, in a time that depends on their lengths alone.
fn same(one: &[u8], other: &[u8]) -> bool {
    let lengths = one.len() ^ other.len();
    one.iter().zip(other).fold(lengths, |sum, (one, other)| sum | usize::from(one ^ other)) == 0
}

/// 128 random bits.
fn random() -> Result<u128, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(u128::from_be_bytes(bytes))
}

/// A fresh token: 128 random bits as hex.
fn token() -> Result<String, getrandom::Error> {
    Ok(format!("{:032x}", random()?))
}

/// A fresh code. 128 bits leave no letter measurably more likely than another.
fn code() -> Result<String, getrandom::Error> {
    let mut rest = random()?;
    let mut letter = || {
        // Less than 31.
        let place = usize::try_from(rest % 31).unwrap_or(0);
        rest /= 31;
        char::from(ALPHABET[place])
    };
    Ok((0..CODE_LENGTH).map(|_| letter()).collect())
}

/// `ABCD-2345`
fn written(code: &str) -> String {
    let (one, other) = code.split_at(CODE_LENGTH / 2);
    format!("{one}-{other}")
}

#[cfg(test)]
mod tests {
    use super::{ALPHABET, Caller, MOST_TOKENS, MOST_WRONG, Paired, Pairing};

    fn page(name: &str) -> Caller {
        Caller::Page(name.to_owned())
    }

    #[test]
    fn a_code_is_good_once_and_its_token_for_one_origin() {
        let (pairing, own, code) = Pairing::new().expect("random bytes");
        assert!(code.len() == 9 && code.bytes().all(|b| b == b'-' || ALPHABET.contains(&b)));
        let typed = code.replace('-', " ").to_lowercase();
        let Paired::Token { token, next_code } =
            pairing.pair(&typed, &page("https://a.test")).expect("random bytes")
        else {
            panic!("{code} is not taken");
        };
        assert!(pairing.takes(&token, &page("https://a.test")));
        assert!(!pairing.takes(&token, &page("https://b.test")));
        assert!(!pairing.takes(&token, &Caller::Own));
        assert!(pairing.takes(&own, &Caller::Own));
        assert!(!pairing.takes(&own, &page("https://a.test")));
        assert_ne!(code, next_code);
        let again = pairing.pair(&code, &page("https://a.test"));
        assert_eq!(again, Ok(Paired::Wrong { left: MOST_WRONG - 1 }));
    }

    #[test]
    fn wrong_codes_lock_it_and_a_right_one_is_then_refused() {
        let (pairing, own, code) = Pairing::new().expect("random bytes");
        for left in (1..MOST_WRONG).rev() {
            assert_eq!(pairing.pair("", &page("a")), Ok(Paired::Wrong { left }));
        }
        assert_eq!(pairing.pair("2222-2222-2", &page("a")), Ok(Paired::Locked));
        assert_eq!(pairing.pair(&code, &page("a")), Ok(Paired::Locked));
        assert!(pairing.takes(&own, &Caller::Own), "the printed address still works");
    }

    #[test]
    fn many_pairings_push_the_oldest_out_but_not_the_printed_one() {
        let (pairing, own, mut code) = Pairing::new().expect("random bytes");
        let mut tokens = vec![];
        for _ in 0..=MOST_TOKENS {
            let Ok(Paired::Token { token, next_code }) = pairing.pair(&code, &page("a")) else {
                panic!("{code} is not taken");
            };
            tokens.push(token);
            code = next_code;
        }
        assert!(pairing.takes(&own, &Caller::Own));
        assert!(!pairing.takes(&tokens[0], &page("a")));
        assert!(tokens[1..].iter().all(|token| pairing.takes(token, &page("a"))));
    }
}
