//! Which releases are looked at: as asked, else as image tags and lock files say, else assumed.

use std::str::FromStr as _;

use crate::environment::{Gathered, Note, Package, Pin};
use crate::worked::is_official;
use facts::{ImageRedisPy, Pair, Python, ReleaseError, Version};
use pep440_rs::VersionSpecifiers;

/// LiteLLM had no images before this minor release.
const FIRST_IMAGES: u32 = 10;

/// The releases asked for; [`Releases::choose`] finds what is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Releases {
    litellm: Option<Version>,
    redis_py: Option<Version>,
}

/// Where the LiteLLM release that was checked comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairOrigin {
    /// It was asked for.
    Asked,
    /// An image tag in a manifest or compose file.
    Image(String),
    /// An image tag names a release that is not supported; the newest supported one was taken.
    UnsupportedImage(String),
    /// An image tag or a lock file names a release before the oldest supported one, which was taken: it is
    /// nearer to it than any other.
    Older {
        /// The image, or the file and line.
        place: String,
        /// Whether it is an image.
        image: bool,
    },
    /// A requirements or lock file names it, at this place: `uv.lock:12`.
    Lock(String),
    /// A requirement allows several, not the newest among them: the newest that it allows, as pip takes
    /// it. The requirement's place.
    Allowed(String),
    /// Nothing said which: the newest supported release.
    Newest,
}

/// Where the redis-py release that was checked comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedisPyOrigin {
    /// It was asked for.
    Asked,
    /// A requirements or lock file names it, at this place: `uv.lock:12`.
    Lock(String),
    /// A requirement allows several, not what LiteLLM's images ship: the newest that it allows, as pip takes
    /// it. The requirement's place.
    Allowed(String),
    /// LiteLLM's official image of this release, which runs, is known to ship it.
    Image,
    /// LiteLLM's official image of this release is taken to ship it. An installation with pip may
    /// have any other.
    Assumed,
}

impl RedisPyOrigin {
    /// Whether another release may run.
    pub fn is_assumed(&self) -> bool {
        matches!(self, Self::Assumed | Self::Allowed(_))
    }
}

/// The releases that were chosen, and why.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The releases.
    pub pair: Pair,
    /// Why this LiteLLM release.
    pub litellm: PairOrigin,
    /// Why this redis-py release.
    pub redis_py: RedisPyOrigin,
    /// What files leave open.
    pub notes: Vec<Note>,
}

impl Releases {
    /// Reads release numbers such as `1.80.0`.
    ///
    /// # Errors
    /// When one is not a release number, or older than all supported releases.
    pub fn parse(litellm: Option<&str>, redis_py: Option<&str>) -> Result<Self, ReleaseError> {
        let newest = Pair::newest();
        let known = Pair::parse(
            litellm.unwrap_or(&newest.litellm.to_string()),
            redis_py.unwrap_or(&newest.redis_py.to_string()),
        )?;
        Ok(Self {
            litellm: litellm.map(|_| known.litellm),
            redis_py: redis_py.map(|_| known.redis_py),
        })
    }

    /// Of two, what the first asks for, else what the second does.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { litellm: self.litellm.or(other.litellm), redis_py: self.redis_py.or(other.redis_py) }
    }

    /// A redis-py release alone.
    pub fn of_redis_py(redis_py: Version) -> Self {
        Self { litellm: None, redis_py: Some(redis_py) }
    }

    /// The pair, where nothing else says which releases run.
    pub fn pair(self) -> Pair {
        self.choose(&Gathered::default()).pair
    }

    /// The pair to check.
    ///
    /// LiteLLM: as asked, else by the first image tag, else by the first lock file that decides,
    /// else the newest. redis-py: as asked, else by the first lock file that decides, else what
    /// LiteLLM's image ships.
    pub fn choose(self, gathered: &Gathered) -> Chosen {
        let mut notes = vec![];
        let (litellm, litellm_origin) = self.litellm(gathered, &mut notes);
        let (redis_py, redis_py_origin) = self.redis_py(litellm, gathered, &mut notes);
        let pair = Pair::parse(&litellm.to_string(), &redis_py.to_string());
        Chosen {
            pair: pair.unwrap_or_else(|_| Pair::newest()),
            litellm: litellm_origin,
            redis_py: redis_py_origin,
            notes,
        }
    }

    fn litellm(self, gathered: &Gathered, notes: &mut Vec<Note>) -> (Version, PairOrigin) {
        if let Some(asked) = self.litellm {
            return (asked, PairOrigin::Asked);
        }
        let newest = Pair::newest().litellm;
        let tagged = gathered.images.iter().find_map(|image| {
            let release = image.release.as_deref()?;
            if !is_official(&image.name) && is_own_number(release) {
                let text = format!(
                    "the tag of {} is a number of its own, not LiteLLM's release",
                    image.name
                );
                notes.push(Note { span: image.span, text });
                return None;
            }
            Some((image.name.clone(), supported(Package::Litellm, release), is_older(release)))
        });
        match tagged {
            Some((image, Some(release), _)) => (release, PairOrigin::Image(image)),
            Some((image, None, true)) => {
                (oldest(), PairOrigin::Older { place: image, image: true })
            }
            Some((image, None, false)) => (newest, PairOrigin::UnsupportedImage(image)),
            None => match pinned(Package::Litellm, gathered, notes) {
                Some((release, place)) => (release, PairOrigin::Lock(place)),
                None => match older(gathered) {
                    Some(pin) => {
                        let place = pin.place.clone();
                        (oldest(), PairOrigin::Older { place, image: false })
                    }
                    None => match allowed_instead(Package::Litellm, newest, gathered) {
                        Some((release, place)) => (release, PairOrigin::Allowed(place)),
                        None => (newest, PairOrigin::Newest),
                    },
                },
            },
        }
    }

    fn redis_py(
        self,
        litellm: Version,
        gathered: &Gathered,
        notes: &mut Vec<Note>,
    ) -> (Version, RedisPyOrigin) {
        if let Some(asked) = self.redis_py {
            return (asked, RedisPyOrigin::Asked);
        }
        if let Some((release, place)) = pinned(Package::RedisPy, gathered, notes) {
            return (release, RedisPyOrigin::Lock(place));
        }
        let official = gathered.images.iter().any(|image| is_official(&image.name));
        let (shipped, sure) = Pair::image_redis_py(litellm);
        // Where what images ship will do, it is as likely as the newest, and pip keeps it in an image.
        if let Some((newest, place)) = allowed_instead(Package::RedisPy, shipped, gathered) {
            return (newest, RedisPyOrigin::Allowed(place));
        }
        match sure {
            ImageRedisPy::Known if official => (shipped, RedisPyOrigin::Image),
            _ => (shipped, RedisPyOrigin::Assumed),
        }
    }
}

/// The Python that LiteLLM runs on, where its official image does.
pub fn image_python(gathered: &Gathered) -> Option<Python> {
    gathered.images.iter().any(|image| is_official(&image.name)).then_some(Python::OF_IMAGES)
}

/// The oldest LiteLLM release that can be simulated.
fn oldest() -> Version {
    Pair::litellm_releases().first().copied().unwrap_or(Pair::newest().litellm)
}

/// Whether a number is lower than those of all of LiteLLM's images: somebody counts their own.
fn is_own_number(release: &str) -> bool {
    let minor = release.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok());
    is_older(release) && minor.is_some_and(|minor| minor < FIRST_IMAGES)
}

fn is_older(release: &str) -> bool {
    Version::parse(release).is_some_and(|release| release < oldest())
}

/// The first lock file's entry of LiteLLM whose release is older than all that can be simulated.
fn older(gathered: &Gathered) -> Option<&Pin> {
    let mut pins = gathered.pins.iter().filter(|pin| pin.package == Package::Litellm);
    pins.find(|pin| pin.release.as_deref().is_some_and(is_older))
}

/// A release number, if that release can be simulated.
fn supported(package: Package, text: &str) -> Option<Version> {
    let newest = Pair::newest();
    let pair = match package {
        Package::Litellm => Pair::parse(text, &newest.redis_py.to_string()).ok()?,
        Package::RedisPy => Pair::parse(&newest.litellm.to_string(), text).ok()?,
    };
    Some(match package {
        Package::Litellm => pair.litellm,
        Package::RedisPy => pair.redis_py,
    })
}

/// The release that the first file names that names one. What the files before it leave open, or
/// all, where none decides, is noted.
fn pinned(
    package: Package,
    gathered: &Gathered,
    notes: &mut Vec<Note>,
) -> Option<(Version, String)> {
    let pins = || gathered.pins.iter().filter(|pin| pin.package == package);
    for pin in pins() {
        if let Some(release) = pin.release.as_deref().and_then(|text| supported(package, text)) {
            return Some((release, pin.place.clone()));
        }
    }
    notes.extend(pins().map(|pin| Note { span: None, text: undecided(pin) }));
    None
}

/// The newest supported release that the first requirement of a package allows, and the requirement's place;
/// `None` where nothing restricts the package, or the release that would be assumed is allowed.
fn allowed_instead(
    package: Package,
    assumed: Version,
    gathered: &Gathered,
) -> Option<(Version, String)> {
    let mut pins = gathered.pins.iter().filter(|pin| pin.package == package);
    let (pin, allows) = pins.find_map(|pin| {
        let allows = VersionSpecifiers::from_str(&pin.allows).ok()?;
        (!allows.is_empty()).then_some((pin, allows))
    })?;
    let supported = match package {
        Package::Litellm => Pair::litellm_releases(),
        Package::RedisPy => Pair::redis_py_releases(),
    };
    if is_in(&allows, assumed) {
        return None;
    }
    let newest = supported.iter().rev().find(|release| is_in(&allows, **release))?;
    Some((*newest, pin.place.clone()))
}

fn is_in(allowed: &VersionSpecifiers, release: Version) -> bool {
    pep440_rs::Version::from_str(&release.to_string()).is_ok_and(|one| allowed.contains(&one))
}

fn undecided(pin: &Pin) -> String {
    let Pin { written, place, package, .. } = pin;
    let software = package.name();
    match &pin.release {
        Some(release) => format!("{place} names {software} {release}, which is not supported"),
        None => format!("`{written}` ({place}) does not say which {software} release runs"),
    }
}

#[cfg(test)]
mod tests {
    use super::{PairOrigin, RedisPyOrigin, Releases};
    use crate::environment::{Gathered, Image, pins};

    fn chosen(requirements: &str, image: Option<&str>) -> (String, String) {
        let pins = pins("requirements.txt", requirements);
        let mut gathered = Gathered { pins, ..Gathered::default() };
        gathered.images.extend(image.and_then(|name| Image::parse(name, None)));
        let chosen = Releases::default().choose(&gathered);
        let litellm = match chosen.litellm {
            PairOrigin::Allowed(place) => format!("{} by {place}", chosen.pair.litellm),
            PairOrigin::Newest => "newest".to_owned(),
            other => format!("{} {other:?}", chosen.pair.litellm),
        };
        let redis_py = match chosen.redis_py {
            RedisPyOrigin::Allowed(place) => format!("{} by {place}", chosen.pair.redis_py),
            RedisPyOrigin::Image | RedisPyOrigin::Assumed => "image".to_owned(),
            other => format!("{} {other:?}", chosen.pair.redis_py),
        };
        (litellm, redis_py)
    }

    #[test]
    fn a_requirement_that_allows_several_gives_the_newest_of_them() {
        let image = Some("ghcr.io/berriai/litellm:v1.85.0");
        for (requirements, image, litellm, redis_py) in [
            ("litellm>=1.70", None, "newest", "image"),
            ("litellm>=1.70,<1.80", None, "1.79.3 by requirements.txt:1", "image"),
            ("litellm~=1.79.0", None, "1.79.3 by requirements.txt:1", "image"),
            ("litellm!=1.110.2", None, "1.110.1 by requirements.txt:1", "image"),
            ("redis>=6,<7", None, "newest", "6.4.0 by requirements.txt:1"),
            ("redis>=5,<5.1", None, "newest", "5.0.8 by requirements.txt:1"),
            ("redis>=5", None, "newest", "image"),
            ("redis", None, "newest", "image"),
            ("redis>=5", image, "1.85.0 Image", "image"),
            ("redis>=6,<7", image, "1.85.0 Image", "6.4.0 by requirements.txt:1"),
        ] {
            let (chosen_litellm, chosen_redis_py) = chosen(requirements, image);
            assert!(chosen_litellm.starts_with(litellm), "{requirements}: {chosen_litellm}");
            assert_eq!(chosen_redis_py, redis_py, "{requirements}");
        }
    }
}
