//! Addresses that carry a signature: whoever has such an address may read what lies there, so none is shown.

use std::borrow::Cow;

/// An address as it may be shown: what stands after its question mark may be a signature.
#[must_use]
pub fn masked(url: &str) -> Cow<'_, str> {
    match url.split_once('?') {
        Some((address, _)) => Cow::Owned(format!("{address}?…")),
        None => Cow::Borrowed(url),
    }
}

/// Whether an address has what may be a signature.
#[must_use]
pub fn is_signed(url: &str) -> bool {
    url.contains('?')
}

/// Whether a query is a signature for all that lies in a folder: a shared access signature of Azure for a container, a
/// directory or an account, or a policy of CloudFront of one's own. Those of S3 and GCS sign one object, and with one that
/// is not for it a public object is refused too.
#[must_use]
pub fn is_for_folder(query: &str) -> bool {
    let pairs = || query.split('&').filter_map(|pair| pair.split_once('='));
    let has = |name: &str| pairs().any(|(key, _)| key == name);
    let is_of_azure = has("sig") && (has("srt") || pairs().any(|pair| matches!(pair, ("sr", "c" | "d"))));
    let is_of_cloudfront = has("Policy") && has("Signature") && has("Key-Pair-Id");
    is_of_azure || is_of_cloudfront
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_signature_is_not_shown() {
        let signed = "https://b.s3.amazonaws.com/p/manifest.json?X-Amz-Signature=0f?a#b";
        assert_eq!(masked(signed), "https://b.s3.amazonaws.com/p/manifest.json?…");
        assert_eq!(masked("https://b.example/log.csv"), "https://b.example/log.csv");
    }

    #[test]
    fn a_signature_is_for_a_folder_where_its_service_says_so() {
        for query in [
            "sp=rl&sv=2024-11-04&sr=c&sig=a%2Bb%3D",
            "sr=d&sdd=2&sig=a",
            "ss=b&srt=sco&sp=rl&sig=a",
            "Policy=eyJ&Signature=a~b&Key-Pair-Id=K",
        ] {
            assert!(is_for_folder(query), "{query}");
        }
        for query in [
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=60&X-Amz-Signature=0f",
            "AWSAccessKeyId=A&Signature=b&Expires=1",
            "X-Goog-Signature=0f",
            "sr=b&sig=a",
            "Expires=1&Signature=a&Key-Pair-Id=K",
            "v=3",
            "",
        ] {
            assert!(!is_for_folder(query), "{query}");
        }
    }
}
