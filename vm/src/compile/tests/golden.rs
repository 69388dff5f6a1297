//! Listings of small programs. `UPDATE_GOLDEN=1` writes them anew.

#![allow(clippy::disallowed_methods)] // runs outside any isolate

use crate::compile::dis::dis;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/compile/tests/golden")
}

#[test]
fn listings_are_as_they_were() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut sources: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder of listings")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .collect();
    sources.sort();
    assert!(sources.len() >= 25);
    for path in sources {
        let src = std::fs::read_to_string(&path).expect("a source");
        let listing = dis(&super::code(&src), &src);
        let expected = path.with_extension("dis");
        if update {
            std::fs::write(&expected, &listing).expect("writing a listing");
        }
        let expected = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(listing, expected, "{}", path.display());
    }
}
