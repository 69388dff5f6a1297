//! `gilbert merge`: the shards of one race, joined.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use crate::script;
use gilbert_lab::json::Json;
use gilbert_lab::report;
use gilbert_lab::tally::Tally;
use std::path::{Path, PathBuf};

/// The options of `gilbert merge`.
#[derive(clap::Args)]
pub struct Args {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Write the JSON object to a file
    #[arg(long, short = 'o', value_name = "OUT")]
    output: Option<PathBuf>,
    /// What the shards have written
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// Joins; gives the exit code: that of the race that made all runs.
pub fn main(args: &Args) -> i32 {
    let (tally, json) = match joined(&args.files) {
        Ok(joined) => joined,
        Err(message) => return script::usage(&message),
    };
    if let Some(path) = &args.output {
        if let Err(e) = std::fs::write(path, format!("{json:#}\n")) {
            return script::usage(&format!("{}: {e}", path.display()));
        }
    }
    if args.json {
        println!("{json:#}");
    } else {
        print!("{} runs from {} shards\n{}{}\n", tally.runs, args.files.len(), report::histogram(&tally), report::failures(&tally));
        if let Some(first) = &tally.first {
            println!("first failure: seed {}: {}", first.seed, first.what);
        }
    }
    match (json["interrupted"] == Json::Bool(true), tally.failures) {
        (true, _) => crate::interrupt::INTERRUPTED,
        (false, 0) => 0,
        (false, _) => 1,
    }
}

/// The counts of all files, and the object for `--json`.
fn joined(files: &[PathBuf]) -> Result<(Tally, Json), String> {
    let shards: Vec<Json> = files.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
    let mut tally = Tally::default();
    let (mut rate, mut seen) = (0.0, Vec::new());
    for (shard, path) in shards.iter().zip(files) {
        let about = |what: String| format!("{}: {what}", path.display());
        for key in ["strategy", "seed"] {
            if shard[key] != shards[0][key] {
                return Err(about(format!("`{key}` is not that of {}: these are no shards of one race", files[0].display())));
            }
        }
        if seen.contains(&&shard["shard"]) {
            return Err(about(format!("shard {} is there twice", shard["shard"])));
        }
        seen.push(&shard["shard"]);
        tally.join(Tally::from_json(shard).map_err(about)?);
        rate += shard["rate"].as_f64().unwrap_or(0.0);
    }
    let mut json = tally.to_json();
    // shards run side by side
    json["rate"] = rate.into();
    json["strategy"] = shards[0]["strategy"].clone();
    json["seed"] = shards[0]["seed"].clone();
    json["interrupted"] = shards.iter().any(|s| s["interrupted"] == Json::Bool(true)).into();
    let first = tally.first.as_ref().map(|f| f.seed);
    if let Some(owner) = shards.iter().find(|s| first.is_some() && s["first_failure"]["seed"].as_u64() == first) {
        json["schedule"] = owner["schedule"].clone();
    }
    Ok((tally, json))
}

fn read(path: &Path) -> Result<Json, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Json::parse(&text).map_err(|e| format!("{}: {e}", path.display()))
}
