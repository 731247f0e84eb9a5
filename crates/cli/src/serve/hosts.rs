//! By which names this server may be asked. A page elsewhere can point a name of its own at this machine and then read
//! all that is served, for to the browser it is the page's own server; but the request still carries that name.

use std::collections::BTreeSet;
use std::net::IpAddr;

use hyper::http::uri::Authority;

/// The names and addresses that requests may be for.
#[derive(Debug)]
pub(crate) struct Hosts {
    names: BTreeSet<String>,
    /// Where every address of this machine is listened on, each of them may be asked: no name can pass for a number.
    any_address: bool,
}

impl Hosts {
    /// This machine's own names, the address that is listened on, as it was given and as it is, and more names.
    pub(crate) fn new(given: &str, bound: IpAddr, more: &[String]) -> Self {
        let own = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let names = own.into_iter().chain([given.to_owned(), bound.to_string()]).chain(more.iter().cloned());
        Self { names: names.map(|name| plain(&name)).collect(), any_address: bound.is_unspecified() }
    }

    /// Whether a request for `host`, with or without a port, is meant for this server.
    pub(super) fn allow(&self, host: &[u8]) -> bool {
        let Ok(authority) = Authority::try_from(host) else { return false };
        let name = plain(authority.host());
        self.names.contains(&name) || (self.any_address && name.parse::<IpAddr>().is_ok())
    }
}

/// A name without what may be written in several ways.
fn plain(name: &str) -> String {
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_allowed() {
        let hosts = Hosts::new("127.0.0.1", [127, 0, 0, 1].into(), &["Stats.lan".to_owned()]);
        for host in ["localhost", "LOCALHOST:8080", "localhost.", "127.0.0.1:1", "[::1]:80", "stats.lan"] {
            assert!(hosts.allow(host.as_bytes()), "{host}");
        }
        for host in
            ["", "evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "10.0.0.1", "a b"]
        {
            assert!(!hosts.allow(host.as_bytes()), "{host}");
        }
        let everywhere = Hosts::new("0.0.0.0", [0, 0, 0, 0].into(), &[]);
        assert!(everywhere.allow(b"10.0.0.1:8080"));
        assert!(!everywhere.allow(b"evil.example"));
    }
}
