//! Which proxy the environment asks for, by the rules of curl. Pure but for the look-up it is
//! given; ureq's own rules know no list with spaces, take `ALL_PROXY` first, and go around a proxy
//! of a kind that they do not know.

/// How to reach a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Direct,
    /// Through the `http` or `https` proxy of this URL.
    Proxy(String),
    /// Through a proxy that we do not speak, and around which we do not go.
    Unknown,
}

/// The route to `host`, which is reached by `https`. `look_up` reads the environment.
pub(super) fn route(host: &str, look_up: impl Fn(&str) -> Option<String>) -> Route {
    let first =
        |names: [&str; 2]| names.into_iter().filter_map(&look_up).find(|value| !value.trim().is_empty());
    let Some(proxy) = first(["https_proxy", "HTTPS_PROXY"]).or_else(|| first(["all_proxy", "ALL_PROXY"]))
    else {
        return Route::Direct;
    };
    if first(["no_proxy", "NO_PROXY"]).is_some_and(|list| is_exempt(host, &list)) {
        return Route::Direct;
    }
    let proxy = proxy.trim();
    match proxy.split_once("://") {
        None => Route::Proxy(format!("http://{proxy}")),
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => {
            Route::Proxy(proxy.to_owned())
        }
        Some(_) => Route::Unknown,
    }
}

/// Whether a list such as `localhost, .example.com` names the host or a domain that it is in.
fn is_exempt(host: &str, list: &str) -> bool {
    list.split([',', ' ']).map(|entry| entry.trim_start_matches("*.").trim_start_matches('.')).any(|entry| {
        let entry = entry.to_ascii_lowercase();
        let is_inside = || host.strip_suffix(entry.as_str()).is_some_and(|rest| rest.ends_with('.'));
        entry == "*" || (!entry.is_empty() && (host == entry || is_inside()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route_with(variables: &[(&str, &str)]) -> Route {
        route("api.segment.io", |name| {
            variables.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn through(url: &str) -> Route {
        Route::Proxy(url.to_owned())
    }

    #[test]
    fn the_proxy_for_https_comes_before_the_one_for_all() {
        assert_eq!(route_with(&[]), Route::Direct);
        assert_eq!(route_with(&[("HTTPS_PROXY", " ")]), Route::Direct);
        assert_eq!(route_with(&[("HTTP_PROXY", "http://p:1")]), Route::Direct);
        assert_eq!(route_with(&[("HTTPS_PROXY", "http://p:1")]), through("http://p:1"));
        assert_eq!(route_with(&[("ALL_PROXY", "http://q:1")]), through("http://q:1"));
        let both = [("all_proxy", "socks5://q:1"), ("https_proxy", "http://p:1")];
        assert_eq!(route_with(&both), through("http://p:1"));
        assert_eq!(route_with(&[("https_proxy", "p:1")]), through("http://p:1"));
    }

    #[test]
    fn a_proxy_that_we_do_not_speak_is_not_gone_around() {
        assert_eq!(route_with(&[("ALL_PROXY", "socks5h://q:1")]), Route::Unknown);
    }

    #[test]
    fn exempt_hosts_are_reached_directly() {
        for (list, is_direct) in [
            ("api.segment.io", true),
            ("segment.io", true),
            (".segment.io", true),
            ("*.segment.io", true),
            ("*", true),
            ("localhost, Segment.IO", true),
            ("localhost segment.io", true),
            ("gment.io", false),
            ("example.com", false),
            (",", false),
        ] {
            let route = route_with(&[("HTTPS_PROXY", "http://p:1"), ("NO_PROXY", list)]);
            assert_eq!(route == Route::Direct, is_direct, "{list}");
        }
    }
}
