//! Buckets and addresses: what is written there is whole or absent whenever the exporter ends, and what is read is what the
//! same files give on this machine.

mod export;
mod faults;
mod import;
mod proxy;
mod server;
mod share;
mod sorted;
mod web;
