package dev.minicompete.web;

import static io.restassured.RestAssured.given;

import dev.minicompete.testing.TestUser;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;

/** A browser without scripts: it keeps cookies, sends forms with their secret, and does not follow redirects. */
final class Browser {

    static final String SESSION = "__Host-session";
    static final String CSRF = "__Host-csrf";

    private final Map<String, String> cookies = new HashMap<>();

    /** A browser in which nobody is logged in. */
    static Browser anonymous() {
        var browser = new Browser();
        browser.get("/login");
        return browser;
    }

    /** A browser in which this user is logged in. */
    static Browser of(TestUser user) {
        var browser = anonymous();
        browser.cookies.put(SESSION, user.token());
        return browser;
    }

    Map<String, String> cookies() {
        return cookies;
    }

    RequestSpecification request() {
        return given().redirects()
                .follow(false)
                .accept("text/html,application/xhtml+xml,*/*;q=0.8")
                .cookies(cookies);
    }

    /** Gets a path with an encoded query. */
    Response get(String path) {
        return keep(request().urlEncodingEnabled(false).get(path));
    }

    /** Sends a form of a page of this site; names and values alternate. */
    Response post(String path, String... fields) {
        return keep(form(fields).post(path));
    }

    /** The same, as htmx does it. */
    Response htmx(String path, String... fields) {
        return keep(form(fields).header("HX-Request", "true").post(path));
    }

    RequestSpecification form(String... fields) {
        var request = request()
                .contentType(ContentType.URLENC.withCharset("UTF-8"))
                .header("Sec-Fetch-Site", "same-origin")
                .formParam("csrf", cookies.get(CSRF));
        for (var i = 0; i < fields.length; i += 2) {
            request.formParam(fields[i], fields[i + 1]);
        }
        return request;
    }

    /** Keeps the cookies of an answer. */
    Response keep(Response answer) {
        answer.detailedCookies().forEach(cookie -> {
            if (cookie.getMaxAge() == 0) {
                cookies.remove(cookie.getName());
            } else {
                cookies.put(cookie.getName(), cookie.getValue());
            }
        });
        return answer;
    }

    /** The value of the first field of this name in a page. */
    static String field(Response page, String name) {
        var html = page.asString();
        var at = html.indexOf("name=\"" + name + "\" value=\"");
        if (at < 0) {
            throw new AssertionError("no field " + name + " in " + html);
        }
        var start = html.indexOf("value=\"", at) + 7;
        return html.substring(start, html.indexOf('"', start));
    }
}
