//! `--detect`: what detectors have seen in a run or in many, told on standard error or as JSON.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use gilbert_lab::detect::{Detector, Findings, Sources, Which};
use std::collections::HashMap;

/// The option, for every command that runs a script.
#[derive(clap::Args, Clone, Debug, Default, PartialEq)]
pub struct DetectArgs {
    /// Look for what could go wrong, also where it did not: races, deadlocks, locks, or all; several with commas
    #[arg(long, value_name = "WHAT")]
    pub detect: Option<Which>,
}

impl DetectArgs {
    /// A detector for one run, if it is to have one.
    pub fn detector(&self) -> Option<Detector> {
        self.detect.map(Detector::new)
    }
}

/// Source lines, out of the files as they are now.
#[derive(Default)]
pub struct Files {
    texts: HashMap<String, Vec<String>>,
}

impl Files {
    /// Adds a text under a file's name.
    pub fn add(&mut self, name: &str, text: &str) {
        self.texts.insert(name.to_owned(), text.lines().map(str::to_owned).collect());
    }
    /// With a text that is no file's.
    pub fn with(name: &str, text: &str) -> Files {
        Files { texts: HashMap::from([(name.to_owned(), text.lines().map(str::to_owned).collect())]) }
    }
}

impl Sources for Files {
    fn line(&mut self, file: &str, line: u32) -> Option<String> {
        let lines = self.texts.entry(file.to_owned()).or_insert_with(|| {
            let bytes = std::fs::read(file).unwrap_or_default();
            String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
        });
        lines.get((line as usize).checked_sub(1)?).cloned()
    }
}

/// Tells on standard error.
pub fn tell(findings: &Findings, sources: &mut dyn Sources, json: bool) {
    match json {
        true => eprintln!("{:#}", findings.json(sources)),
        false => eprint!("{}", findings.text(sources)),
    }
}
