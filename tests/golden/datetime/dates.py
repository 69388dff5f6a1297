# date, time, datetime, timedelta, timezone: arithmetic, text, errors
import datetime as dt, pickle, copy
from datetime import *
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = type(e).__name__  # the texts are the library's, and differ between its versions
    print(r if isinstance(r, str) else repr(r))
print(date(2024, 2, 29), repr(date.min), date.max, date(2024, 2, 29).replace(month=1), date(2024, 2, 29).timetuple()[:9], tuple(date(2024, 2, 29).isocalendar()), date(2024, 2, 29).weekday(), date(2024, 2, 29).isoweekday(), date(2024, 2, 29).toordinal(), date.fromordinal(738945), date.fromisoformat("2024-02-29"), date.fromisocalendar(2024, 9, 4), date(2024, 2, 29).ctime(), f"{date(2024, 2, 29):%d/%m/%y}", date(1, 1, 1).isoformat())
for a in [(2023, 2, 29), (0, 1, 1), (10000, 1, 1), (2020, 13, 1), (2020, 0, 1), (2020, 1, 32), ("x", 1, 1), (2020.0, 1, 1), (2020,), ()]: show(date, *a)
for a in [(2020, 1, 1, 24), (2020, 1, 1, 0, 60), (2020, 1, 1, 0, 0, 60), (2020, 1, 1, 0, 0, 0, 10**6), (2020, 1, 1, -1), (2020, 1, 1, 0, 0, 0, 0, 5), (2020, 1, 1, 1.5)]: show(datetime, *a)
for t in ["2024-02-30", "2024-2-3", "20240203", "2024-W01-1", "2024W011", "2024-W53", "x", "", "2024-02-03T", "2024-W54-1"]: show(date.fromisoformat, t)
for t in ["2024-02-03T04:05:06", "2024-02-03 04:05", "2024-02-03T04", "2024-02-03T04:05:06.5", "2024-02-03T04:05:06.123456", "2024-02-03T04:05:06,789", "2024-02-03T04:05:06+02:00", "2024-02-03T04:05:06Z", "2024-02-03T04:05:06-03:30:15.000001", "20240203T040506", "2024-02-03T25:00", "2024-02-03T04:60", "2024-02-03T04:05:06+24:00", "2024-02-03", "2024-02-03T04:05:06.1234567", "2024-02-03T04:05:06.", "junk"]: show(datetime.fromisoformat, t)
for t in ["04:05:06", "04", "0405", "T04:05", "04:05:06.000001+01:00", "x", "", "04:5"]: show(time.fromisoformat, t)
d = timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=5, microseconds=6, weeks=7); print(d, repr(d), d.total_seconds(), -d, abs(-d), d * 2, d / 2, d // 2, d % timedelta(hours=1), divmod(d, timedelta(days=7)), d / timedelta(hours=1), d // timedelta(hours=1), d * 1.5, bool(timedelta()), timedelta.max, timedelta.min, timedelta.resolution, timedelta(0.5), timedelta(microseconds=0.5), timedelta(microseconds=1.5), timedelta(seconds=-1), repr(timedelta(seconds=-1)), repr(timedelta()), timedelta(hours=-25), hash(timedelta(1)) == hash(timedelta(hours=24)), d > timedelta(1), d == 5, +d, 2.5 * d)
for f in [lambda: timedelta(10**9), lambda: timedelta("x"), lambda: d + 1, lambda: d / 0, lambda: d // 0, lambda: d / timedelta(), lambda: d < 5, lambda: timedelta(float("nan")), lambda: timedelta(float("inf")), lambda: timedelta.max + timedelta(1), lambda: timedelta(bogus=1), lambda: d * "x", lambda: d % 5, lambda: date.max + timedelta(1), lambda: datetime.min - timedelta(1), lambda: date(2020, 1, 1) + 1, lambda: date(2020, 1, 1) < 5, lambda: date(2020, 1, 1) < datetime(2020, 1, 1), lambda: datetime(2020, 1, 1) - datetime(2020, 1, 1, tzinfo=timezone.utc), lambda: datetime(2020, 1, 1) < datetime(2020, 1, 1, tzinfo=timezone.utc), lambda: datetime(2020, 1, 1) == datetime(2020, 1, 1, tzinfo=timezone.utc), lambda: date(2020, 1, 1) == datetime(2020, 1, 1), lambda: timezone(timedelta(1)), lambda: timezone(5), lambda: timezone(timedelta(hours=1), 5), lambda: time(1) + timedelta(1), lambda: time(1) < time(2, tzinfo=timezone.utc), lambda: date.fromtimestamp(10**20), lambda: datetime.fromtimestamp("x"), lambda: datetime.strptime("2020", "%Y-%m"), lambda: datetime.strptime("2020-01-01x", "%Y-%m-%d"), lambda: datetime.strptime("x", "%Q"), lambda: datetime.strptime("a", "%"), lambda: datetime.fromordinal(0), lambda: date.fromisocalendar(2020, 54, 1), lambda: date.fromisocalendar(2020, 1, 8), lambda: datetime.combine(1, 2), lambda: datetime(2020, 1, 1).replace(month=13), lambda: datetime(2020, 1, 1).astimezone(5), lambda: date(2020, 1, 1).strftime(5), lambda: hash(date(2020, 1, 1)) == hash(date(2020, 1, 1)), lambda: setattr(date(2020, 1, 1), "year", 5)]: show(f)
a = datetime(2024, 2, 29, 12, 34, 56, 789012); u = a.replace(tzinfo=timezone.utc); e = timezone(timedelta(hours=5, minutes=30), "IST"); n = timezone(-timedelta(hours=3, minutes=15, seconds=30))
print(a, repr(a), a.isoformat(" ", "minutes"), a.isoformat(timespec="milliseconds"), a.isoformat("_", "seconds"), a.isoformat(timespec="hours"), a.date(), a.time(), a.timetz(), a.timetuple(), a.utctimetuple()[:6], a.ctime(), a + timedelta(days=366), a - timedelta(seconds=0.000001), a - datetime(2020, 1, 1), a.replace(hour=0, microsecond=0), a.toordinal(), a.isocalendar().week, a.fold)
print(u, repr(u), u.astimezone(e), u.astimezone(n), u.timestamp(), u.utcoffset(), u.tzname(), u.dst(), u == u.astimezone(e), u - u.astimezone(n), hash(u) == hash(u.astimezone(e)), repr(e), str(e), repr(n), str(n), timezone.utc, repr(timezone.utc), timezone.min, timezone.max, u.astimezone(e).isoformat(), u.timetz().isoformat(), e.utcoffset(None), e == timezone(timedelta(hours=5.5)))
print(datetime.fromtimestamp(0, timezone.utc), datetime.fromtimestamp(1e9 + 0.5, e), datetime.fromtimestamp(-1.5, timezone.utc), datetime.fromtimestamp(1234567890.123456, timezone.utc), datetime.fromtimestamp(0.9999999, timezone.utc), datetime.strptime("29 Feb 2024 13:05:06.5 +0530", "%d %b %Y %H:%M:%S.%f %z"), datetime.strptime("Thu 2024 60", "%a %Y %j"), datetime.strptime("12:05 PM", "%I:%M %p"), datetime.combine(date(2020, 1, 2), time(3, 4)), datetime.min, datetime.max)
for f in ["%Y-%m-%d %H:%M:%S.%f", "%a %A %b %B %d %j %p %I %y %w %u %U %W %V %G %%", "%c", "%x %X", "%z %Z %:z", "%D %F %T %R %e %h %n %t", "é%Y漢", "", "%", "%Q", "%-d"]:
    for v in [a, u, u.astimezone(n)]: show(v.strftime, f)
print(time(1, 2, 3, 4).strftime("%H:%M:%S.%f %Y"), format(time(1, 2), "%M"), format(a, ""))
t = time(1, 2, 3, 4, tzinfo=e, fold=1); print(t, repr(t), t.isoformat("milliseconds"), t.replace(hour=5), t.utcoffset(), time.min, time.max, bool(time(0)), time(1) < time(2), time(1, tzinfo=e) == time(1, tzinfo=e), hash(time(1)) == hash(time(1)), repr(time(1)), repr(time(1, 2, 3)), time(23, 59, 59, 999999).isoformat())
for v in [date(2020, 1, 2), a, u, u.astimezone(e), t, d, e, timezone.utc, date.max]:
    assert copy.copy(v) == v == copy.deepcopy(v)
    for p in range(6): assert pickle.loads(pickle.dumps(v, p)) == v, (v, p)
class DD(date):
    def __new__(cls, *a): return super().__new__(cls, *a)
class DT(datetime): pass
print(repr(DD(2020, 1, 1) + timedelta(1)), repr(DT(2020, 1, 1) + timedelta(1)), repr(DT(2020, 1, 1).replace(year=2021)), type(DT.fromtimestamp(0, timezone.utc)).__name__, repr(DT(2020, 1, 1, tzinfo=e).astimezone(timezone.utc)), isinstance(DT(2020, 1, 1), date))
class TZ(tzinfo):
    def utcoffset(self, d): return timedelta(hours=1) + self.dst(d)
    def dst(self, d): return timedelta(hours=1) if d and 3 < d.month < 10 else timedelta(0)
    def tzname(self, d): return "S" if self.dst(d) else "W"
z = TZ(); print(datetime(2020, 7, 1, tzinfo=z), datetime(2020, 1, 1, tzinfo=z), datetime(2020, 7, 1, 12, tzinfo=timezone.utc).astimezone(z), datetime(2020, 7, 1, tzinfo=z).tzname(), datetime(2020, 7, 1, tzinfo=z).timetuple().tm_isdst, datetime(2020, 7, 1, tzinfo=z).utctimetuple()[:6])
class BadTZ(tzinfo):
    def utcoffset(self, d): return 5
show(datetime(2020, 1, 1, tzinfo=BadTZ()).isoformat); show(tzinfo().utcoffset, None); show(repr, datetime(2020, 1, 1, tzinfo=TZ()).tzinfo is z)
print(dt.MINYEAR, dt.MAXYEAR, dt.UTC is timezone.utc, sorted(x for x in dir(dt) if x[0] != "_" and x not in ("sys", "datetime_CAPI")))
x = datetime.now(timezone.utc); assert abs((datetime.now(timezone.utc) - x).total_seconds()) < 60 and date.today().year > 1999 and datetime.now().tzinfo is None and datetime.utcnow() if 0 else True
