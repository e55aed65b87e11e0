//! The written form of `!!timestamp`, as PyYAML's `timestamp_regexp` reads it.

/// What PyYAML's `timestamp_regexp` finds.
pub(super) struct Parts {
    pub(super) year: u32,
    pub(super) month: u32,
    pub(super) day: u32,
    /// `None` for a date alone, and then the rest means nothing.
    pub(super) hour: Option<u32>,
    pub(super) minute: u32,
    pub(super) second: u32,
    pub(super) micros: u32,
    pub(super) zone: Zone,
}

pub(super) enum Zone {
    None,
    Utc,
    /// The offset in minutes: hours and minutes are not checked yet.
    Offset {
        negative: bool,
        hours: u32,
        minutes: u32,
    },
}

/// Eats its way through a text.
struct Cursor<'t>(&'t str);

impl<'t> Cursor<'t> {
    fn literal(&mut self, literal: char) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    /// Between `least` and `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<&'t str> {
        let count = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        Some(digits)
    }

    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        self.digits(least, most)?.parse().ok()
    }

    fn blanks(&mut self) -> usize {
        let rest = self.0.trim_start_matches([' ', '\t']);
        let count = self.0.len() - rest.len();
        self.0 = rest;
        count
    }
}

/// `timestamp_regexp.match(text)`
pub(super) fn parse(text: &str) -> Option<Parts> {
    let mut cursor = Cursor(text.strip_suffix('\n').unwrap_or(text));
    let year = cursor.number(4, 4)?;
    cursor.literal('-')?;
    let month = cursor.number(1, 2)?;
    cursor.literal('-')?;
    let day = cursor.number(1, 2)?;
    let mut parts =
        Parts { year, month, day, hour: None, minute: 0, second: 0, micros: 0, zone: Zone::None };
    if cursor.0.is_empty() {
        return Some(parts);
    }
    if cursor.literal('T').or_else(|| cursor.literal('t')).is_none() && cursor.blanks() == 0 {
        return None;
    }
    parts.hour = Some(cursor.number(1, 2)?);
    cursor.literal(':')?;
    parts.minute = cursor.number(2, 2)?;
    cursor.literal(':')?;
    parts.second = cursor.number(2, 2)?;
    if cursor.literal('.').is_some() {
        let fraction = cursor.digits(0, usize::MAX)?;
        let micros = format!("{fraction:0<6.6}");
        parts.micros = micros.parse().ok()?;
    }
    if cursor.0.is_empty() {
        return Some(parts);
    }
    cursor.blanks();
    parts.zone = parse_zone(&mut cursor)?;
    cursor.0.is_empty().then_some(parts)
}

fn parse_zone(cursor: &mut Cursor<'_>) -> Option<Zone> {
    if cursor.literal('Z').is_some() {
        return Some(Zone::Utc);
    }
    let negative = cursor.literal('-').is_some();
    if !negative {
        cursor.literal('+')?;
    }
    let hours = cursor.number(1, 2)?;
    let minutes = match cursor.literal(':') {
        Some(()) => cursor.number(2, 2)?,
        None => 0,
    };
    Some(Zone::Offset { negative, hours, minutes })
}

pub(super) fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// The moment of an ISO text with a time zone, in microseconds; `None` for one without.
pub(super) fn instant(iso: &str) -> Option<i64> {
    let parts = parse(iso)?;
    let offset = match parts.zone {
        Zone::None => return None,
        Zone::Utc => 0,
        Zone::Offset { negative, hours, minutes } => {
            let size = i64::from(hours * 60 + minutes);
            if negative { -size } else { size }
        }
    };
    let days: i64 = (1..parts.year)
        .map(|year| if days_in_month(year, 2) == 29 { 366 } else { 365 })
        .sum::<i64>()
        + (1..parts.month).map(|month| i64::from(days_in_month(parts.year, month))).sum::<i64>()
        + i64::from(parts.day);
    let minutes = (days * 24 + i64::from(parts.hour?)) * 60 + i64::from(parts.minute) - offset;
    Some((minutes * 60 + i64::from(parts.second)) * 1_000_000 + i64::from(parts.micros))
}
