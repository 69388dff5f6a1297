//! `gil.explore` inside a script that `gilbert run` runs: explores one call of a decorated function.
//!
//! Each run of the exploration is the same script from its beginning, in which the module `_gil_explores` says which call is meant: the
//! decorator starts the threads there, and ends the run behind it (`stdlib/python/gil_explore.py`).

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::detect::Files;
use gilbert_lab::detect::Sources;
use gilbert_lab::explore::search::{Options, Verdict, explore};
use gilbert_lab::explore::story::{story, to_text};
use gilbert_lab::runner::{Runner, Shared};
use gilbert_lab::target::{Machine, Target};
use gilbert_stdlib::gil::Explore;
use gilbert_vm::code::CodeProto;
use gilbert_vm::isolate::{Builtin, Library, Source};
use std::cell::RefCell;
use std::sync::Arc;

/// The library of explored runs: one module more.
struct Marked {
    library: Arc<dyn Library>,
    call: u64,
}

/// The module that says which call is explored.
const MODULE: &str = "_gil_explores";

impl Library for Marked {
    fn find(&self, name: &str) -> Option<Builtin> {
        let ours = name == MODULE || name.strip_prefix(MODULE).and_then(|n| n.strip_prefix('_')) == Some(self.call.to_string().as_str());
        if !ours {
            return self.library.find(name);
        }
        Some(Builtin::Source(Source { name: name.into(), load: |_| "".into(), package: false, file: format!("<lib>/{name}.py") }))
    }
    fn names(&self) -> Vec<&'static str> {
        self.library.names()
    }
    fn code(&self, name: &str, optimize: u8) -> Option<Arc<CodeProto>> {
        self.library.code(name, optimize)
    }
    fn keep_code(&self, name: &str, optimize: u8, code: &Arc<CodeProto>) {
        if !name.starts_with(MODULE) {
            self.library.keep_code(name, optimize, code);
        }
    }
    fn why_missing(&self, name: &str) -> Option<&'static str> {
        self.library.why_missing(name)
    }
    fn source_names(&self) -> Vec<&'static str> {
        self.library.source_names()
    }
}

/// Explores a call of this script; gives the counterexample as a story.
///
/// # Errors
/// Why there is no verdict.
pub fn explore_call(target: &Target, library: Arc<dyn Library>, asked: Explore) -> Result<Option<String>, String> {
    let machine = Machine { start_dir: std::env::current_dir().unwrap_or_else(|_| "/".into()), ..Machine::default() };
    let library = Arc::new(Marked { library, call: asked.call });
    let runner = Runner::new(Shared::new(target.clone(), machine, library));
    let options = Options { preemptions: asked.preemptions, max_runs: asked.runs, ..Options::default() };
    let explored = explore(&runner, &options, &mut |_| false).map_err(|e| e.0)?;
    match &explored.verdict {
        Verdict::Holds => Ok(None),
        Verdict::Inconclusive(why) => Err(format!("no verdict: {why} ({} traces in {} runs)", explored.traces, explored.runs)),
        Verdict::Fails(found) => {
            let mut files = Files::default();
            if let Ok(text) = std::str::from_utf8(&target.source) {
                files.add(&target.name, text);
            }
            let files = RefCell::new(files);
            let told = story(found, &|file, line| files.borrow_mut().line(file, line));
            let kind = told.kind.as_ref().map(|k| format!(" ({k})")).unwrap_or_default();
            Ok(Some(format!("fails: {}{kind}, {} preemptions\n{}", found.failure, found.preemptions, to_text(&told))))
        }
    }
}
