package dev.emergence.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A real browser without a window, one for all tests. Where none is installed, tests that ask for
 * it are skipped.
 */
public final class Browser {
  private static Optional<ChromeDriver> driver = Optional.empty();

  private Browser() {}

  private static Optional<File> program(String... names) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(folder -> Stream.of(names).map(name -> new File(folder, name)))
        .filter(File::canExecute)
        .findFirst();
  }

  /** The browser. Skips the test when there is none. */
  public static synchronized ChromeDriver get() {
    if (driver.isEmpty()) {
      Optional<File> chromium = program("chromium", "chromium-browser", "google-chrome");
      Optional<File> chromedriver = program("chromedriver");
      Assumptions.assumeTrue(
          chromium.isPresent() && chromedriver.isPresent(),
          "no browser: apt-get install chromium chromium-driver");
      try {
        driver = Optional.of(start(chromium.get(), chromedriver.get()));
      } catch (org.openqa.selenium.WebDriverException e) {
        Assumptions.abort("the browser does not start: " + e.getMessage());
      }
      Runtime.getRuntime().addShutdownHook(new Thread(driver.get()::quit));
    }
    return driver.get();
  }

  private static ChromeDriver start(File chromium, File chromedriver) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium);
    // No host but this machine can be resolved: a page that asks another one shows.
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        "--window-size=1300,1000");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver)
            .withEnvironment(Map.of("SE_OFFLINE", "true", "SE_AVOID_STATS", "true"))
            .build();
    ChromeDriver started = new ChromeDriver(service, options);
    started.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
    return started;
  }

  /**
   * Opens a page and waits until it has drawn.
   *
   * @return milliseconds until then
   */
  public static long open(String address) {
    ChromeDriver browser = get();
    browser.get("about:blank");
    browser.manage().logs().get(LogType.BROWSER);
    long began = System.nanoTime();
    browser.get(address);
    until(() -> "true".equals(script("return document.documentElement.dataset.ready")));
    until(() -> Boolean.TRUE.equals(script("return !em.view.metric || Boolean(em.drawn)")));
    return (System.nanoTime() - began) / 1_000_000;
  }

  /** What a script gives. */
  public static Object script(String text, Object... arguments) {
    return get().executeScript(text, arguments);
  }

  /** What a script's promise gives; {@code text} is the body of an async function. */
  public static Object async(String text) {
    return get()
        .executeAsyncScript(
            "const done = arguments[arguments.length - 1]; (async () => {"
                + text
                + "})().then(done, e => done('failed: ' + e));");
  }

  /** The text of what a selector finds first; empty when there is nothing. */
  public static String text(String selector) {
    return (String)
        script("return document.querySelector(arguments[0])?.innerText || ''", selector);
  }

  /** How many elements a selector finds. */
  public static long count(String selector) {
    return (Long) script("return document.querySelectorAll(arguments[0]).length", selector);
  }

  /** Waits for something that must come about; a slow machine may take long. */
  public static void until(Supplier<Boolean> condition) {
    long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
    while (!condition.get()) {
      assertThat(System.nanoTime()).as("waited for 40 s; %s", errors()).isLessThan(end);
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Errors and refused loads on the console since the page was opened. */
  public static List<String> errors() {
    return get().manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(e -> e.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** What axe finds that is serious or critical, a line each. */
  public static String axe() throws IOException {
    try (var in = Browser.class.getResourceAsStream("/axe.min.js")) {
      script(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
    return (String)
        async(
            "const r = await axe.run(document);"
                + " return r.violations.filter(v => ['serious', 'critical'].includes(v.impact))"
                + ".map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' '"
                + " + (n.any[0]?.message || '')).join(' | ')).join('\\n')");
  }

  /** A picture of the window. */
  public static void shoot(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, get().getScreenshotAs(OutputType.BYTES));
  }
}
