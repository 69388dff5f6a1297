//! Seconds since 1970 and the Gregorian calendar, by days counted from the first of March (so that leap days come last).

/// A moment taken apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Civil {
    pub year: i64,
    /// From 1.
    pub month: i32,
    /// From 1.
    pub day: i32,
    pub hour: i32,
    pub minute: i32,
    pub second: i32,
    /// Monday is 0.
    pub weekday: i32,
    /// From 1.
    pub yearday: i32,
}

const DAY: i64 = 86_400;
/// Days of 400 years.
const ERA: i64 = 146_097;
/// From 0000-03-01 to 1970-01-01.
const TO_1970: i64 = 719_468;

/// Days from 1970-01-01 to a date.
pub fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = (year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
    let y = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (y.div_euclid(400), y.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - TO_1970
}
/// Seconds from 1970 to the beginning of a date.
pub fn seconds_of(year: i64, month: i64, day: i64) -> i64 {
    days_of(year, month, day) * DAY
}
/// Seconds from 1970; fields may be out of their ranges.
pub fn seconds_from(c: &Civil) -> i64 {
    seconds_of(c.year, c.month as i64, c.day as i64) + c.hour as i64 * 3600 + c.minute as i64 * 60 + c.second as i64
}
/// The moment so many seconds after 1970.
pub fn civil(seconds: i64) -> Civil {
    let (days, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY) as i32);
    let shifted = days + TO_1970;
    let (era, of_era) = (shifted.div_euclid(ERA), shifted.rem_euclid(ERA));
    let y = (of_era - of_era / 1460 + of_era / 36_524 - of_era / (ERA - 1)) / 365;
    let of_year = of_era - (365 * y + y / 4 - y / 100);
    let m = (5 * of_year + 2) / 153;
    let day = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    let year = era * 400 + y + (month <= 2) as i64;
    Civil {
        year,
        month: month as i32,
        day: day as i32,
        hour: rest / 3600,
        minute: rest / 60 % 60,
        second: rest % 60,
        weekday: (days + 3).rem_euclid(7) as i32,
        yearday: (days - days_of(year, 1, 1) + 1) as i32,
    }
}
/// Year and week of ISO 8601.
pub fn iso_week(c: &Civil) -> (i64, i32) {
    // the week belongs to the year of its Thursday
    let week = |yearday: i32| (yearday - c.weekday + 9) / 7;
    let long = |y: i64| civil(seconds_of(y, 12, 31)).yearday;
    let has_53 = |y: i64| {
        let first = civil(seconds_of(y, 1, 1)).weekday;
        first == 3 || (first == 2 && long(y) == 366)
    };
    match week(c.yearday) {
        0 => (c.year - 1, if has_53(c.year - 1) { 53 } else { 52 }),
        53 if !has_53(c.year) => (c.year + 1, 1),
        w => (c.year, w),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_over_centuries() {
        for day in (-800_000..800_000).step_by(37) {
            let c = civil(day * DAY);
            assert_eq!(days_of(c.year, c.month as i64, c.day as i64), day);
        }
        let c = civil(1_704_067_200);
        assert_eq!((c.year, c.month, c.day, c.weekday, c.yearday), (2024, 1, 1, 0, 1));
        assert_eq!(iso_week(&civil(seconds_of(2021, 1, 3))), (2020, 53));
        assert_eq!(iso_week(&civil(seconds_of(2024, 12, 30))), (2025, 1));
    }
}
