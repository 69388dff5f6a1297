//! Sorting: `list.sort` and `sorted`.
//!
//! Keys that are all small ints, all floats or all plain strings are sorted by the standard library. For everything else `<` may be
//! Python code: it may raise, change things, or be no order at all. There the algorithm is CPython's own (`Objects/listsort.txt`: natural
//! runs, galloping merges, the powersort merge order of 3.11), so that a script that watches its comparisons sees the same ones.
//! Whatever a comparison does, the items stay a permutation of what they were.

use crate::error::PyResult;
use crate::probe::Part;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// `list.sort(key, reverse)`. While it runs the list looks empty; changing it is an error.
pub fn sort_list(vm: &mut Vm, list: &Value, key: &Value, reverse: bool) -> PyResult<()> {
    vm.touch_write(list, Part::Whole);
    let mut items = match list.borrow_mut::<List>(vm) {
        Some(l) => std::mem::take(l.items_mut()),
        None => return Ok(()),
    };
    let sorted = sort_values(vm, &mut items, key, reverse);
    let own = list.borrow_mut::<List>(vm).expect("a list").items_mut();
    let changed = own.capacity() != 0;
    let meanwhile = std::mem::replace(own, items);
    drop(meanwhile);
    sorted?;
    if changed {
        return Err(vm.value_error("list modified during sort"));
    }
    Ok(())
}

/// Sorts values by `key` (None: by themselves), stably; on an error they are left in some order.
pub fn sort_values(vm: &mut Vm, items: &mut Vec<Value>, key: &Value, reverse: bool) -> PyResult<()> {
    if key.is_none() || key.is_null() {
        return sort_directed(vm, items, reverse);
    }
    let mut keys = Vec::with_capacity(items.len());
    for item in items.iter() {
        keys.push(vm.call(key, std::slice::from_ref(item))?);
    }
    let mut pairs: Vec<(Value, Value)> = keys.into_iter().zip(items.drain(..)).collect();
    let sorted = sort_directed(vm, &mut pairs, reverse);
    items.extend(pairs.into_iter().map(|(_, item)| item));
    sorted
}

/// Reversing before and after keeps equal items in their order.
fn sort_directed<E: Keyed>(vm: &mut Vm, v: &mut [E], reverse: bool) -> PyResult<()> {
    if reverse {
        v.reverse();
    }
    let sorted = sort_by_kind(vm, v);
    if reverse {
        v.reverse();
    }
    sorted
}

/// What is sorted: a value, or one with its key.
trait Keyed: Default {
    fn key(&self) -> &Value;
}
impl Keyed for Value {
    #[inline(always)]
    fn key(&self) -> &Value {
        self
    }
}
impl Keyed for (Value, Value) {
    #[inline(always)]
    fn key(&self) -> &Value {
        &self.0
    }
}

fn plain_str(v: &Value) -> bool {
    v.header().is_some_and(|h| h.type_head().flags.get() & flags::HEAP == 0) && v.is_a::<Str>()
}
fn text(v: &Value) -> &[u8] {
    v.get::<Str>().map_or(&[], |s| s.bytes())
}

fn sort_by_kind<E: Keyed>(vm: &mut Vm, v: &mut [E]) -> PyResult<()> {
    if v.len() < 2 {
        return Ok(());
    }
    if v.iter().all(|e| e.key().is_small()) {
        v.sort_by_key(|e| e.key().small_unchecked());
        return Ok(());
    }
    if v.iter().all(|e| e.key().as_float().is_some_and(|f| !f.is_nan())) {
        v.sort_by(|a, b| a.key().float_unchecked().partial_cmp(&b.key().float_unchecked()).expect("no NaN"));
        return Ok(());
    }
    if v.iter().all(|e| plain_str(e.key())) {
        v.sort_by(|a, b| text(a.key()).cmp(text(b.key())));
        return Ok(());
    }
    Sorter::new(v.len(), |a: &E, b: &E| vm.less(a.key(), b.key())).sort(v)
}

const MIN_GALLOP: usize = 7;

/// A run of sorted items.
struct Run {
    start: usize,
    len: usize,
    power: u32,
}

/// How a merge's main loop ended.
enum End {
    /// One side is used up; what is left of the other goes into the hole.
    Fill,
    /// One item of the copied side is left, and it belongs behind all of the other side.
    Last,
}

struct Sorter<E, L> {
    less: L,
    total: usize,
    min_gallop: usize,
    runs: Vec<Run>,
    /// The shorter side of a merge.
    tmp: Vec<E>,
}

impl<E: Default, L: FnMut(&E, &E) -> PyResult<bool>> Sorter<E, L> {
    fn new(total: usize, less: L) -> Sorter<E, L> {
        Sorter { less, total, min_gallop: MIN_GALLOP, runs: Vec::new(), tmp: Vec::new() }
    }

    fn sort(mut self, v: &mut [E]) -> PyResult<()> {
        let minrun = min_run(v.len());
        let mut start = 0;
        while start < v.len() {
            let mut len = self.natural_run(&mut v[start..])?;
            if len < minrun {
                let forced = minrun.min(v.len() - start);
                self.insertion_sort(&mut v[start..start + forced], len)?;
                len = forced;
            }
            self.push_run(v, start, len)?;
            start += len;
        }
        while self.runs.len() > 1 {
            let mut i = self.runs.len() - 2;
            if i > 0 && self.runs[i - 1].len < self.runs[i + 1].len {
                i -= 1;
            }
            self.merge_at(v, i)?;
        }
        Ok(())
    }

    /// The length of the ascending run at the beginning; a strictly descending one is turned round.
    fn natural_run(&mut self, v: &mut [E]) -> PyResult<usize> {
        if v.len() < 2 {
            return Ok(v.len());
        }
        let descending = (self.less)(&v[1], &v[0])?;
        let mut n = 2;
        while n < v.len() && (self.less)(&v[n], &v[n - 1])? == descending {
            n += 1;
        }
        if descending {
            v[..n].reverse();
        }
        Ok(n)
    }

    /// Sorts `v`, whose first `sorted` items are in order, by binary insertion.
    fn insertion_sort(&mut self, v: &mut [E], sorted: usize) -> PyResult<()> {
        for i in sorted.max(1)..v.len() {
            let (mut low, mut high) = (0, i);
            while low < high {
                let mid = low + (high - low) / 2;
                if (self.less)(&v[i], &v[mid])? {
                    high = mid;
                } else {
                    low = mid + 1;
                }
            }
            v[low..=i].rotate_right(1);
        }
        Ok(())
    }

    /// Adds a run, after merging those that lie deeper in powersort's tree.
    fn push_run(&mut self, v: &mut [E], start: usize, len: usize) -> PyResult<()> {
        if let Some(last) = self.runs.last() {
            let power = node_power(last.start, last.len, len, self.total);
            while self.runs.len() > 1 && self.runs[self.runs.len() - 2].power > power {
                self.merge_at(v, self.runs.len() - 2)?;
            }
            self.runs.last_mut().expect("at least one run").power = power;
        }
        self.runs.push(Run { start, len, power: 0 });
        Ok(())
    }

    /// Merges runs `i` and `i + 1`.
    fn merge_at(&mut self, v: &mut [E], i: usize) -> PyResult<()> {
        let right = self.runs.remove(i + 1);
        let left = &mut self.runs[i];
        let (start, left_len) = (left.start, left.len);
        left.len += right.len;
        let v = &mut v[start..start + left_len + right.len];
        // what the right run's first item does not precede is in place already, and so is what follows the left run's last
        let (a, b) = v.split_at(left_len);
        let skip = gallop_right(&mut self.less, &b[0], a, 0)?;
        if skip == a.len() {
            return Ok(());
        }
        let keep = gallop_left(&mut self.less, &a[a.len() - 1], b, b.len() - 1)?;
        if keep == 0 {
            return Ok(());
        }
        let (na, v) = (left_len - skip, &mut v[skip..left_len + keep]);
        if na <= keep { self.merge_low(v, na) } else { self.merge_high(v, na) }
    }

    /// Merges `v[..na]` with the rest, from the left; the left side is the shorter.
    fn merge_low(&mut self, v: &mut [E], na: usize) -> PyResult<()> {
        self.tmp.clear();
        self.tmp.extend(v[..na].iter_mut().map(std::mem::take));
        let (mut dest, mut a, mut b) = (0, 0, na);
        let end = self.merge_low_loop(v, &mut dest, &mut a, &mut b);
        if matches!(end, Ok(End::Last)) {
            while b < v.len() {
                v[dest] = std::mem::take(&mut v[b]);
                dest += 1;
                b += 1;
            }
        }
        for item in self.tmp.drain(..).skip(a) {
            v[dest] = item;
            dest += 1;
        }
        end.map(drop)
    }
    fn merge_low_loop(&mut self, v: &mut [E], dest: &mut usize, a: &mut usize, b: &mut usize) -> PyResult<End> {
        let Sorter { less, tmp, min_gallop, .. } = self;
        let (na, nb) = (tmp.len(), v.len());
        macro_rules! take_a {
            () => {{
                v[*dest] = std::mem::take(&mut tmp[*a]);
                *dest += 1;
                *a += 1;
            }};
        }
        macro_rules! take_b {
            () => {{
                v[*dest] = std::mem::take(&mut v[*b]);
                *dest += 1;
                *b += 1;
            }};
        }
        take_b!();
        if *b == nb {
            return Ok(End::Fill);
        }
        if na - *a == 1 {
            return Ok(End::Last);
        }
        loop {
            let (mut count_a, mut count_b) = (0, 0);
            loop {
                if less(&v[*b], &tmp[*a])? {
                    take_b!();
                    (count_b, count_a) = (count_b + 1, 0);
                    if *b == nb {
                        return Ok(End::Fill);
                    }
                    if count_b >= *min_gallop {
                        break;
                    }
                } else {
                    take_a!();
                    (count_a, count_b) = (count_a + 1, 0);
                    if na - *a == 1 {
                        return Ok(End::Last);
                    }
                    if count_a >= *min_gallop {
                        break;
                    }
                }
            }
            // one side wins so often that searching for the end of its streak pays
            *min_gallop += 1;
            loop {
                *min_gallop -= (*min_gallop > 1) as usize;
                count_a = gallop_right(less, &v[*b], &tmp[*a..], 0)?;
                (0..count_a).for_each(|_| take_a!());
                if na - *a == 1 {
                    return Ok(End::Last);
                }
                if na == *a {
                    return Ok(End::Fill);
                }
                take_b!();
                if *b == nb {
                    return Ok(End::Fill);
                }
                count_b = gallop_left(less, &tmp[*a], &v[*b..], 0)?;
                (0..count_b).for_each(|_| take_b!());
                if *b == nb {
                    return Ok(End::Fill);
                }
                take_a!();
                if na - *a == 1 {
                    return Ok(End::Last);
                }
                if count_a < MIN_GALLOP && count_b < MIN_GALLOP {
                    break;
                }
            }
            // the penalty for leaving the galloping mode
            *min_gallop += 1;
        }
    }

    /// Merges `v[..na]` with the rest, from the right; the right side is the shorter.
    fn merge_high(&mut self, v: &mut [E], na: usize) -> PyResult<()> {
        self.tmp.clear();
        self.tmp.extend(v[na..].iter_mut().map(std::mem::take));
        // `a` and `b` count the items left of each side; `dest` is one more than the place to fill
        let (mut dest, mut a, mut b) = (v.len(), na, self.tmp.len());
        let end = self.merge_high_loop(v, &mut dest, &mut a, &mut b);
        if matches!(end, Ok(End::Last)) {
            while a > 0 {
                a -= 1;
                dest -= 1;
                v[dest] = std::mem::take(&mut v[a]);
            }
        }
        self.tmp.truncate(b);
        for item in self.tmp.drain(..).rev() {
            dest -= 1;
            v[dest] = item;
        }
        end.map(drop)
    }
    fn merge_high_loop(&mut self, v: &mut [E], dest: &mut usize, a: &mut usize, b: &mut usize) -> PyResult<End> {
        let Sorter { less, tmp, min_gallop, .. } = self;
        macro_rules! take_a {
            () => {{
                *dest -= 1;
                *a -= 1;
                v[*dest] = std::mem::take(&mut v[*a]);
            }};
        }
        macro_rules! take_b {
            () => {{
                *dest -= 1;
                *b -= 1;
                v[*dest] = std::mem::take(&mut tmp[*b]);
            }};
        }
        take_a!();
        if *a == 0 {
            return Ok(End::Fill);
        }
        if *b == 1 {
            return Ok(End::Last);
        }
        loop {
            let (mut count_a, mut count_b) = (0, 0);
            loop {
                if less(&tmp[*b - 1], &v[*a - 1])? {
                    take_a!();
                    (count_a, count_b) = (count_a + 1, 0);
                    if *a == 0 {
                        return Ok(End::Fill);
                    }
                    if count_a >= *min_gallop {
                        break;
                    }
                } else {
                    take_b!();
                    (count_b, count_a) = (count_b + 1, 0);
                    if *b == 1 {
                        return Ok(End::Last);
                    }
                    if count_b >= *min_gallop {
                        break;
                    }
                }
            }
            *min_gallop += 1;
            loop {
                *min_gallop -= (*min_gallop > 1) as usize;
                count_a = *a - gallop_right(less, &tmp[*b - 1], &v[..*a], *a - 1)?;
                (0..count_a).for_each(|_| take_a!());
                if *a == 0 {
                    return Ok(End::Fill);
                }
                take_b!();
                if *b == 1 {
                    return Ok(End::Last);
                }
                count_b = *b - gallop_left(less, &v[*a - 1], &tmp[..*b], *b - 1)?;
                (0..count_b).for_each(|_| take_b!());
                if *b == 1 {
                    return Ok(End::Last);
                }
                if *b == 0 {
                    return Ok(End::Fill);
                }
                take_a!();
                if *a == 0 {
                    return Ok(End::Fill);
                }
                if count_a < MIN_GALLOP && count_b < MIN_GALLOP {
                    break;
                }
            }
            *min_gallop += 1;
        }
    }
}

/// Between 32 and 64, such that the number of runs is a power of two or a little less.
fn min_run(mut n: usize) -> usize {
    let mut odd = 0;
    while n >= 64 {
        odd |= n & 1;
        n >>= 1;
    }
    n + odd
}

/// Powersort's depth of the node between two neighbouring runs, in a list of `n`.
fn node_power(start: usize, len_a: usize, len_b: usize, n: usize) -> u32 {
    let mut a = 2 * start + len_a;
    let mut b = a + len_a + len_b;
    let mut power = 0;
    loop {
        power += 1;
        if a >= n {
            a -= n;
            b -= n;
        } else if b >= n {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

/// Where `key` belongs in the sorted `v`, before equal items; searches outwards from `hint`.
fn gallop_left<E>(less: &mut impl FnMut(&E, &E) -> PyResult<bool>, key: &E, v: &[E], hint: usize) -> PyResult<usize> {
    let before = |less: &mut dyn FnMut(&E, &E) -> PyResult<bool>, i: usize| less(&v[i], key);
    gallop(less, v.len(), hint, before)
}
/// Where `key` belongs in the sorted `v`, behind equal items; searches outwards from `hint`.
fn gallop_right<E>(less: &mut impl FnMut(&E, &E) -> PyResult<bool>, key: &E, v: &[E], hint: usize) -> PyResult<usize> {
    let before = |less: &mut dyn FnMut(&E, &E) -> PyResult<bool>, i: usize| less(key, &v[i]).map(|after| !after);
    gallop(less, v.len(), hint, before)
}

/// The number of items for which `before` holds (it holds for a beginning of them): steps of 1, 3, 7 .. from `hint`, then halving.
fn gallop<E, L: FnMut(&E, &E) -> PyResult<bool>>(
    less: &mut L,
    n: usize,
    hint: usize,
    before: impl Fn(&mut dyn FnMut(&E, &E) -> PyResult<bool>, usize) -> PyResult<bool>,
) -> PyResult<usize> {
    let (mut last, mut ofs) = (0, 1);
    let (mut low, mut high);
    if before(less, hint)? {
        let most = n - hint;
        while ofs < most && before(less, hint + ofs)? {
            last = ofs;
            ofs = 2 * ofs + 1;
        }
        (low, high) = (hint + last + 1, hint + ofs.min(most));
    } else {
        let most = hint + 1;
        while ofs < most && !before(less, hint - ofs)? {
            last = ofs;
            ofs = 2 * ofs + 1;
        }
        (low, high) = (hint + 1 - ofs.min(most), hint - last);
    }
    while low < high {
        let mid = low + (high - low) / 2;
        if before(less, mid)? {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Raised;
    use proptest::prelude::*;

    fn sorted(mut v: Vec<(i32, usize)>) -> Vec<(i32, usize)> {
        Sorter::new(v.len(), |a: &(i32, usize), b: &(i32, usize)| Ok(a.0 < b.0)).sort(&mut v).unwrap();
        v
    }

    proptest! {
        #[test]
        fn sorts_stably(keys in prop::collection::vec(0..50i32, 0..700)) {
            let v: Vec<_> = keys.into_iter().enumerate().map(|(i, k)| (k, i)).collect();
            let mut want = v.clone();
            want.sort();
            prop_assert_eq!(sorted(v), want);
        }
        #[test]
        fn runs_are_merged_whatever_their_shape(runs in prop::collection::vec((0..200i32, 1..90usize, any::<bool>()), 0..20)) {
            let mut v = Vec::new();
            for (from, len, up) in runs {
                v.extend((0..len as i32).map(|i| (if up { from + i } else { from - i }, 0)));
            }
            v.iter_mut().enumerate().for_each(|(i, e)| e.1 = i);
            let mut want = v.clone();
            want.sort();
            prop_assert_eq!(sorted(v), want);
        }
        #[test]
        fn stays_a_permutation_when_a_comparison_fails_or_lies(
            keys in prop::collection::vec(0..1000i32, 0..400),
            fail in 0..3000usize,
            lies in any::<u64>(),
        ) {
            let mut v: Vec<(i32, usize)> = keys.into_iter().enumerate().map(|(i, k)| (k, i)).collect();
            let mut want: Vec<usize> = (0..v.len()).collect();
            let mut n = 0usize;
            let _ = Sorter::new(v.len(), |a: &(i32, usize), b: &(i32, usize)| {
                n += 1;
                if n == fail { return Err(Raised(Value::NONE)); }
                Ok((a.0 < b.0) ^ (lies.rotate_left(n as u32) & 7 == 7))
            }).sort(&mut v);
            let mut got: Vec<usize> = v.iter().map(|e| e.1).collect();
            got.sort();
            want.sort();
            prop_assert_eq!(got, want);
        }
    }
}
