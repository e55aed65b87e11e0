//! `nameConstraints`: which names the certificates below a CA may carry, as OpenSSL reads them.

use x509_cert::ext::pkix::NameConstraints;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::GeneralName;

use super::judged::{Judged, Problem};
use super::name::{AlternativeName, Distinguished};
use super::x509::Certificate;

/// `check_name_constraints`
pub(super) fn check(judged: &mut Judged<'_>) {
    for depth in (0..judged.chain.len()).rev() {
        let certificate = judged.chain[depth];
        if depth > 0 && certificate.is_self_issued() {
            continue;
        }
        for above in (depth + 1..judged.chain.len()).rev() {
            let constraints = judged.chain[above].name_constraints.clone();
            if let Some(problem) =
                constraints.and_then(|rules| violation(certificate, depth == 0, &rules))
            {
                judged.object(problem, depth);
            }
        }
    }
}

fn violation(certificate: &Certificate, is_leaf: bool, rules: &NameConstraints) -> Option<Problem> {
    let mut names = certificate.names.clone().unwrap_or_default();
    let no_dns = !names.iter().any(|name| matches!(name, AlternativeName::Dns(_)));
    if is_leaf && no_dns {
        // Common names that look like hosts are taken for hosts.
        let hosts = certificate.subject.common_names.iter().filter(|name| looks_like_a_host(name));
        names.extend(hosts.map(|name| AlternativeName::Dns(name.clone())));
    }
    let subtrees = |list: &Option<Vec<GeneralSubtree>>| list.clone().unwrap_or_default();
    let (permitted, excluded) =
        (subtrees(&rules.permitted_subtrees), subtrees(&rules.excluded_subtrees));
    for name in &names {
        let hits: Vec<bool> =
            permitted.iter().filter_map(|tree| covers(&tree.base, name)).collect();
        if !hits.is_empty() && !hits.contains(&true) {
            return Some(Problem::NameIsNotPermitted);
        }
        if excluded.iter().any(|tree| covers(&tree.base, name) == Some(true)) {
            return Some(Problem::NameIsExcluded);
        }
    }
    if !certificate.subject.is_empty() {
        let below = |tree: &GeneralSubtree| match &tree.base {
            GeneralName::DirectoryName(base) => {
                Some(certificate.subject.is_below(&Distinguished::of(base)))
            }
            _ => None,
        };
        let hits: Vec<bool> = permitted.iter().filter_map(below).collect();
        if !hits.is_empty() && !hits.contains(&true) {
            return Some(Problem::NameIsNotPermitted);
        }
        if excluded.iter().any(|tree| below(tree) == Some(true)) {
            return Some(Problem::NameIsExcluded);
        }
    }
    let mut trees = permitted.iter().chain(&excluded);
    let others = trees.any(|tree| {
        matches!(tree.base, GeneralName::Rfc822Name(_) | GeneralName::UniformResourceIdentifier(_))
    });
    let concerned = names.iter().any(|name| matches!(name, AlternativeName::Other(_)));
    (others && concerned).then(|| {
        Problem::NotJudged("its CA constrains names of a kind that is not judged here".to_owned())
    })
}

/// Whether the base covers the name; `None` where they are of different kinds.
fn covers(base: &GeneralName, name: &AlternativeName) -> Option<bool> {
    match (base, name) {
        (GeneralName::DnsName(base), AlternativeName::Dns(name)) => {
            Some(is_below(name, base.as_str()))
        }
        (GeneralName::IpAddress(range), AlternativeName::Ip(address)) => {
            let octets = match address {
                std::net::IpAddr::V4(address) => address.octets().to_vec(),
                std::net::IpAddr::V6(address) => address.octets().to_vec(),
            };
            let (base, mask) = range.as_bytes().split_at(range.as_bytes().len() / 2);
            let same = |((octet, base), mask): ((&u8, &u8), &u8)| octet & mask == base & mask;
            Some(base.len() == octets.len() && octets.iter().zip(base).zip(mask).all(same))
        }
        _ => None,
    }
}

fn is_below(name: &str, base: &str) -> bool {
    let Some(start) = name.len().checked_sub(base.len()) else {
        return false;
    };
    let Some((front, end)) = name.split_at_checked(start) else {
        return false;
    };
    let apart =
        base.is_empty() || front.is_empty() || base.starts_with('.') || front.ends_with('.');
    apart && end.eq_ignore_ascii_case(base)
}

/// OpenSSL's `cn2dnsid`: two labels or more, of letters, digits, hyphens and underscores.
fn looks_like_a_host(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let proper = |label: &&str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    labels.len() > 1 && labels.iter().all(proper)
}

#[cfg(test)]
mod tests {
    use super::{is_below, looks_like_a_host};

    #[test]
    fn a_base_covers_itself_and_what_is_below() {
        assert!(is_below("a.Redis.test", "redis.test"));
        assert!(is_below("redis.test", "redis.test"));
        assert!(is_below("a.redis.test", ".redis.test"));
        assert!(is_below("anything", ""));
        assert!(!is_below("redis.test", ".redis.test"));
        assert!(!is_below("credis.test", "redis.test"));
        assert!(!is_below("test", "redis.test"));
    }

    #[test]
    fn common_names_look_like_hosts() {
        assert!(looks_like_a_host("redis_1.test"));
        assert!(!looks_like_a_host("localhost"));
        assert!(!looks_like_a_host("Test Root.2"));
    }
}
