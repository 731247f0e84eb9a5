//! Any text as a time.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wow_fuzzing::text_times(bytes));
