//! What is wrong with a file by itself, in words.

use base::calendar::rfc3339;
use base::finding::{Finding, Severity};

use super::in_days;
use crate::demands::Demands;
use crate::files::{self, Holding};
use crate::finding::{
    DOES_NOT_LOAD, EXPIRED, EXPIRES_SOON, KEY_IN_BUNDLE, KEY_IS_MISSING, NOT_JUDGED, NOT_YET_VALID,
    WRONG_USE,
};
use crate::roles::{self, Role};
use crate::words::SOON;
use crate::x509::{Authority, Certificate};

/// What is wrong with a file in its role.
pub(crate) fn of_role(holding: &Holding, role: Role, demands: &Demands) -> Vec<Finding> {
    let mut findings = vec![];
    // What the file's own findings say is not said twice.
    let said = holding.findings.iter().any(|finding| finding.code == DOES_NOT_LOAD.code);
    let wrong = |setting: &str, why: &str, help: &'static str| {
        DOES_NOT_LOAD
            .found(format!("{} is not a file for `{setting}`: {why}.", holding.name))
            .help(help)
    };
    match role {
        Role::Authorities => {
            if let Some(why) = holding.no_certificates.as_deref().filter(|_| !said) {
                findings.push(wrong(
                    "ssl_ca_certs",
                    why,
                    "Name the file with the CA's certificate there.",
                ));
            }
            if !holding.keys.is_empty() {
                let message =
                    format!("{} holds trusted certificates, and a private key.", holding.name);
                findings.push(KEY_IN_BUNDLE.found(message));
            }
        }
        Role::Client => {
            if let Some(why) = holding.no_certificates.as_deref().filter(|_| !said) {
                let help = "Name the client's certificate in `ssl_certfile`, and its key in `ssl_keyfile`.";
                findings.push(wrong("ssl_certfile", why, help));
            }
            if lacks_key(holding, demands) && !said {
                let help = "Name the file with the client's private key in `ssl_keyfile`.";
                findings.push(wrong("ssl_keyfile", "it holds no private key", help));
            }
        }
        Role::Key => {
            if let Some(why) = holding.no_key.as_deref().filter(|_| !said) {
                let help = "Name the client's private key in `ssl_keyfile`, and its certificate in `ssl_certfile`.";
                findings.push(wrong("ssl_keyfile", why, help));
            }
        }
        Role::Server | Role::Nothing => {}
    }
    findings
}

/// Whether the configuration has the certificate's file as that of the key, and none is in it.
pub(crate) fn lacks_key(holding: &Holding, demands: &Demands) -> bool {
    !holding.loads_key() && roles::is_among(holding, &demands.key_files)
}

/// A trusted certificate that no chain goes through.
pub(crate) fn idle_authority(
    holding: &Holding,
    certificate: &Certificate,
    now: i64,
) -> Vec<Finding> {
    let who = format!("The trusted certificate `{}` in {}", certificate.subject(), holding.name);
    let days = certificate.days_left(now);
    let mut findings = vec![];
    if certificate.not_after <= now {
        let message = format!("{who} expired at {}.", rfc3339(certificate.not_after));
        findings.push(EXPIRED.found(message).severity(Severity::Warning));
    } else if certificate.not_before > now {
        let message = format!("{who} is not valid before {}.", rfc3339(certificate.not_before));
        findings.push(NOT_YET_VALID.found(message).severity(Severity::Warning));
    } else if days <= SOON {
        let message =
            format!("{who} expires in {}, at {}.", in_days(days), rfc3339(certificate.not_after));
        findings.push(EXPIRES_SOON.found(message));
    }
    if certificate.authority() == Authority::No && !certificate.is_self_signed() {
        let message = format!("{who} is not a CA and not self-signed: trusting it has no effect.");
        findings.push(
            WRONG_USE
                .found(message)
                .severity(Severity::Warning)
                .help("Put the certificate of the authority that signed it there instead."),
        );
    }
    findings
}

/// A private key, and no certificate to hold it against.
pub(crate) fn lonely_key(holding: &Holding, demands: &Demands) -> Finding {
    if holding.keys.iter().any(|key| key.encrypted) && !demands.has_password {
        return files::encrypted(holding);
    }
    let message =
        format!("{} holds a private key, and its certificate is not at hand.", holding.name);
    KEY_IS_MISSING.found(message).help("Give the certificate too.")
}

/// No trusted certificates to hold the chains against.
pub(crate) fn nothing_trusted(demands: &Demands) -> Finding {
    let (message, help) = match demands.ca_files.first() {
        Some(path) => (
            format!("The trusted certificates, `{path}`, are not at hand: whether the chain ends at one of them is not seen."),
            format!("Give {path} too."),
        ),
        None => (
            "No trusted certificate is given: without `ssl_ca_certs`, the system's own roots are trusted, which are not known here.".to_owned(),
            "Give the CA's certificate too, and name its file in `ssl_ca_certs` if it is a private one.".to_owned(),
        ),
    };
    NOT_JUDGED.found(message).help(help)
}
