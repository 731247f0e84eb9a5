//! Any bytes as a part of an export or a dropped file.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wow_fuzzing::parts(bytes));
