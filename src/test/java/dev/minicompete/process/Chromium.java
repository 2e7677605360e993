package dev.minicompete.process;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Playwright.CreateOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.minicompete.testing.Tool;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The Chromium that is installed, driven by Playwright. Everything that its console complains about is kept: a page that
 * breaks its own Content-Security-Policy says so there.
 */
final class Chromium implements AutoCloseable {

    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;
    private final String base;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Chromium(Path executable, URI api) {
        var environment = new HashMap<>(System.getenv());
        environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        playwright = Playwright.create(new CreateOptions().setEnv(environment));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions().setExecutablePath(executable).setArgs(ARGUMENTS));
        // Cookies with Secure work over plain HTTP on this name.
        base = "http://localhost:" + api.getPort();
    }

    /** Starts one that looks at the pages of this process. */
    static Chromium start(URI api) {
        return new Chromium(Tool.CHROMIUM.require(), api);
    }

    /** A new visitor, on an ordinary screen. */
    Page visitor() {
        return visitor(new NewContextOptions());
    }

    Page visitor(NewContextOptions options) {
        var page = browser.newContext(options.setBaseURL(base)).newPage();
        page.setDefaultTimeout(15_000);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.text().contains("Content Security Policy")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add(page.url() + ": " + error));
        return page;
    }

    /** The same as {@link #visitor}, logged in. */
    Page visitor(NewContextOptions options, String token) {
        var page = visitor(options);
        logIn(page.context(), token);
        return page;
    }

    void logIn(BrowserContext context, String token) {
        context.addCookies(List.of(new Cookie("__Host-session", token)
                .setUrl("https://localhost")
                .setSecure(true)
                .setHttpOnly(true)
                .setSameSite(SameSiteAttribute.STRICT)));
    }

    /** What consoles complained about, without answers that a test has asked for: Chromium reports each error status. */
    List<String> complaints() {
        return complaints.stream()
                .filter(complaint -> !complaint.contains("Failed to load resource: the server responded with a status"))
                .toList();
    }

    String base() {
        return base;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    /** How a page is looked at. */
    static NewContextOptions screen(int width, boolean dark) {
        return new NewContextOptions()
                .setViewportSize(width, 900)
                .setTimezoneId("Europe/Berlin")
                .setLocale("en-GB")
                .setColorScheme(dark ? ColorScheme.DARK : ColorScheme.LIGHT);
    }
}
