//! Links the command at a fixed address where that is known to work: its tables of functions and texts then need no relocation at
//! every start, so their pages stay shared and untouched.

#![allow(clippy::disallowed_methods)] // runs outside any isolate

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|v| v == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
