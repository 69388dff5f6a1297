//! What came out of many runs: counted by value, joined in the order of the runs, so that it does not depend on who made which run.

use crate::detect::Findings;
use crate::json;
use crate::json::Json;
use crate::outcome::{Failure, RunResult};
use std::collections::HashMap;

/// Different values kept; what comes later is counted together.
const MOST_VALUES: usize = 50_000;
/// The value under which the rest is counted.
const REST: &str = "(other values)";

/// One line of the histogram.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What came out, as JSON: the value of `--watch`, or the output, with the failure if it says more.
    pub value: Json,
    /// As a text to show.
    pub shown: String,
    /// How many runs.
    pub count: u64,
    /// The first run that gave it.
    pub seed: u64,
    /// The kind of failure, if it is one.
    pub failure: Option<String>,
}

/// The first run that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstFailure {
    /// Its seed.
    pub seed: u64,
    /// What happened, in a line.
    pub what: String,
}

/// Counts of runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// How many runs.
    pub runs: u64,
    /// How many of them failed.
    pub failures: u64,
    /// Ticks of all of them.
    pub ticks: u64,
    /// The failed run with the least seed.
    pub first: Option<FirstFailure>,
    /// What detectors have found, where some were watching.
    pub findings: Option<Box<Findings>>,
    entries: Vec<Entry>,
    index: HashMap<(String, Option<String>), usize>,
}

impl Tally {
    /// Counts a run.
    pub fn add(&mut self, seed: u64, result: &RunResult) {
        self.runs += 1;
        self.ticks += result.ticks;
        let failure = result.failure.as_ref().map(|f| f.kind().to_owned());
        if let Some(f) = &result.failure {
            self.failures += 1;
            self.note_failure(FirstFailure { seed, what: f.to_string() });
        }
        self.found(result.findings.clone());
        let data = result.value();
        let entry = Entry { value: data.to_json(), shown: shown(&data), count: 1, seed, failure };
        self.put(entry);
    }

    fn found(&mut self, findings: Option<Box<Findings>>) {
        match (&mut self.findings, findings) {
            (_, None) => {}
            (None, some) => self.findings = some,
            (Some(known), Some(new)) => known.merge(*new),
        }
    }

    fn note_failure(&mut self, one: FirstFailure) {
        if self.first.as_ref().is_none_or(|first| one.seed < first.seed) {
            self.first = Some(one);
        }
    }

    fn put(&mut self, entry: Entry) {
        let key = |e: &Entry| (e.value.to_string(), e.failure.clone());
        let mut entry = entry;
        let mut at = self.index.get(&key(&entry)).copied();
        if at.is_none() && self.entries.len() >= MOST_VALUES {
            entry.value = REST.into();
            entry.shown = REST.to_owned();
            at = self.index.get(&key(&entry)).copied();
        }
        match at {
            Some(i) => {
                self.entries[i].count += entry.count;
                self.entries[i].seed = self.entries[i].seed.min(entry.seed);
            }
            None => {
                self.index.insert(key(&entry), self.entries.len());
                self.entries.push(entry);
            }
        }
    }

    /// Adds what later runs gave.
    pub fn join(&mut self, other: Tally) {
        self.runs += other.runs;
        self.failures += other.failures;
        self.ticks += other.ticks;
        if let Some(first) = other.first {
            self.note_failure(first);
        }
        self.found(other.findings);
        other.entries.into_iter().for_each(|e| self.put(e));
    }

    /// The entries, most frequent first; then by seed.
    pub fn entries(&self) -> Vec<&Entry> {
        let mut all: Vec<&Entry> = self.entries.iter().collect();
        all.sort_by(|a, b| b.count.cmp(&a.count).then(a.seed.cmp(&b.seed)));
        all
    }

    /// The object that `--json` prints, but for what only one machine can say (the rate).
    pub fn to_json(&self) -> Json {
        let outcomes: Vec<Json> = self
            .entries()
            .iter()
            .map(|e| {
                let mut one = json!({"value": e.value.clone(), "count": e.count, "seed": e.seed});
                if let Some(kind) = &e.failure {
                    one["failure"] = kind.as_str().into();
                }
                one
            })
            .collect();
        let first = self.first.as_ref().map(|f| json!({"seed": f.seed, "what": f.what.as_str()}));
        json!({"runs": self.runs, "failures": self.failures, "outcomes": outcomes, "ticks": self.ticks, "first_failure": first})
    }

    /// What [`Tally::to_json`] wrote.
    ///
    /// # Errors
    /// What is missing, in a line.
    pub fn from_json(json: &Json) -> Result<Tally, String> {
        let number = |from: &Json, key: &str| from[key].as_u64().ok_or_else(|| format!("`{key}` is missing or no count"));
        let mut tally =
            Tally { runs: number(json, "runs")?, failures: number(json, "failures")?, ticks: json["ticks"].as_u64().unwrap_or(0), ..Tally::default() };
        for one in json["outcomes"].as_list().ok_or("`outcomes` is missing or no list")? {
            let value = one["value"].clone();
            let shown = match &value {
                Json::Str(s) => s.clone(),
                other => other.to_string(),
            };
            let failure = one["failure"].as_str().map(str::to_owned);
            tally.put(Entry { value, shown, count: number(one, "count")?, seed: number(one, "seed")?, failure });
        }
        let first = &json["first_failure"];
        if let (Some(seed), Some(what)) = (first["seed"].as_u64(), first["what"].as_str()) {
            tally.first = Some(FirstFailure { seed, what: what.to_owned() });
        }
        Ok(tally)
    }
}

/// A value in a line: texts without quotes, line ends visible.
fn shown(data: &crate::data::Data) -> String {
    match data {
        crate::data::Data::Str(s) if s.is_empty() => "(no output)".to_owned(),
        crate::data::Data::Str(s) => s.replace('\n', " ⏎ "),
        other => other.to_string().replace('\n', " ⏎ "),
    }
}

/// Whether a failure says that the script's machine failed to go on at all, so that nothing else counts.
pub fn is_bug_of_ours(result: &RunResult) -> bool {
    matches!(result.failure, Some(Failure::Panic { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gilbert_vm::world::Outcome;
    use proptest::prelude::*;

    fn result(text: &str, failed: bool) -> RunResult {
        RunResult {
            ended: Outcome::Finished,
            exit: i32::from(failed),
            stdout: text.as_bytes().to_vec(),
            stderr: Vec::new(),
            failure: failed.then_some(Failure::Exit(1)),
            watch: None,
            expect: None,
            ticks: 7,
            schedule: Vec::new(),
            files: Vec::new(),
            findings: None,
        }
    }

    proptest! {
        #[test]
        fn the_union_of_all_shards_is_the_whole(runs in prop::collection::vec((0u8..6, any::<bool>()), 0..200), cuts in prop::collection::vec(0usize..200, 0..5)) {
            let add = |tally: &mut Tally, i: usize| tally.add(100 + i as u64, &result(&runs[i].0.to_string(), runs[i].1));
            let mut whole = Tally::default();
            (0..runs.len()).for_each(|i| add(&mut whole, i));
            let mut cuts: Vec<usize> = cuts.into_iter().map(|c| c.min(runs.len())).chain([0, runs.len()]).collect();
            cuts.sort();
            let mut shards: Vec<Tally> = cuts.windows(2).map(|w| {
                let mut t = Tally::default();
                (w[0]..w[1]).for_each(|i| add(&mut t, i));
                Tally::from_json(&t.to_json()).expect("what we wrote")
            }).collect();
            shards.reverse();
            let mut joined = Tally::default();
            shards.into_iter().for_each(|t| joined.join(t));
            prop_assert_eq!(joined.to_json(), whole.to_json());
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut tally = Tally::default();
        for i in 0..MOST_VALUES as u64 + 10 {
            tally.add(i, &result(&i.to_string(), false));
        }
        assert_eq!(tally.entries().len(), MOST_VALUES + 1);
        assert_eq!((tally.entries()[0].count, tally.entries()[0].shown.as_str()), (10, REST));
    }
}
