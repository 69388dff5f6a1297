//! `asctime` and `strftime` in the C locale.

use super::calendar::{Civil, iso_week, seconds_from};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// `Sat Jun  6 16:26:11 1998`
pub fn asctime(c: &Civil) -> String {
    format!("{} {} {:2} {:02}:{:02}:{:02} {}", &day(c)[..3], &month(c)[..3], c.day, c.hour, c.minute, c.second, c.year)
}
fn day(c: &Civil) -> &'static str {
    DAYS[c.weekday.rem_euclid(7) as usize]
}
fn month(c: &Civil) -> &'static str {
    MONTHS[(c.month - 1).rem_euclid(12) as usize]
}
fn hour12(c: &Civil) -> i32 {
    match c.hour % 12 {
        0 => 12,
        h => h,
    }
}
fn year4(y: i64) -> String {
    y.to_string()
}
fn offset_text(offset: i32) -> String {
    let (sign, m) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
    format!("{sign}{:02}{:02}", m / 60, m % 60)
}

/// One directive; `None` where there is no such one.
fn directive(d: char, c: &Civil, zone: &str, offset: i32) -> Option<String> {
    // day of the week with Sunday first
    let from_sunday = (c.weekday + 1) % 7;
    Some(match d {
        'a' => day(c)[..3].into(),
        'A' => day(c).into(),
        'b' | 'h' => month(c)[..3].into(),
        'B' => month(c).into(),
        'c' => asctime(c),
        'C' => format!("{:02}", c.year.div_euclid(100)),
        'd' => format!("{:02}", c.day),
        'D' | 'x' => format!("{:02}/{:02}/{:02}", c.month, c.day, c.year.rem_euclid(100)),
        'e' => format!("{:2}", c.day),
        'F' => format!("{}-{:02}-{:02}", year4(c.year), c.month, c.day),
        'g' => format!("{:02}", iso_week(c).0.rem_euclid(100)),
        'G' => year4(iso_week(c).0),
        'H' => format!("{:02}", c.hour),
        'I' => format!("{:02}", hour12(c)),
        'j' => format!("{:03}", c.yearday),
        'k' => format!("{:2}", c.hour),
        'l' => format!("{:2}", hour12(c)),
        'm' => format!("{:02}", c.month),
        'M' => format!("{:02}", c.minute),
        'n' => "\n".into(),
        'p' => if c.hour < 12 { "AM" } else { "PM" }.into(),
        'P' => if c.hour < 12 { "am" } else { "pm" }.into(),
        'r' => format!("{:02}:{:02}:{:02} {}", hour12(c), c.minute, c.second, if c.hour < 12 { "AM" } else { "PM" }),
        'R' => format!("{:02}:{:02}", c.hour, c.minute),
        's' => (seconds_from(c) - offset as i64).to_string(),
        'S' => format!("{:02}", c.second),
        't' => "\t".into(),
        'T' | 'X' => format!("{:02}:{:02}:{:02}", c.hour, c.minute, c.second),
        'u' => (c.weekday + 1).to_string(),
        'U' => format!("{:02}", (c.yearday - 1 + 7 - from_sunday) / 7),
        'V' => format!("{:02}", iso_week(c).1),
        'w' => from_sunday.to_string(),
        'W' => format!("{:02}", (c.yearday - 1 + 7 - c.weekday) / 7),
        'y' => format!("{:02}", c.year.rem_euclid(100)),
        'Y' => year4(c.year),
        'z' => offset_text(offset),
        'Z' => zone.into(),
        '%' => "%".into(),
        _ => return None,
    })
}

/// `strftime(format, ..)`; unknown directives stay as they are.
pub fn strftime(format: &str, c: &Civil, zone: &str, offset: i32) -> String {
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(ch) = chars.next() {
        if ch != '%' {
            out.push(ch);
            continue;
        }
        let rest = chars.as_str();
        // glibc's flag against padding
        let (bare, d) = match chars.next() {
            Some('-') => (true, chars.next()),
            d => (false, d),
        };
        match d.and_then(|d| directive(d, c, zone, offset)) {
            Some(text) if bare => out.push_str(match text.trim_start_matches(['0', ' ']) {
                "" => "0",
                t => t,
            }),
            Some(text) => out.push_str(&text),
            None => {
                out.push('%');
                let used = rest.len() - chars.as_str().len();
                out.push_str(&rest[..used]);
            }
        }
    }
    out
}
