"""The page to try the API with, in a real browser: it shows every address, asks one, and loads nothing from elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_tries_the_api_and_asks_no_other_host(site: str, browser: Browser, language: str) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    hosts: set[str] = set()
    wrong: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.add_init_script(
        "window.violations = []; document.addEventListener('securitypolicyviolation',"
        " e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI));"
    )
    page.goto(f"{site}/api/v1/docs?lang={language}")
    expect(page.locator("rapi-doc")).to_contain_text("/api/v1/charts/{id}.plotly.json", timeout=30_000)
    operation = page.locator("rapi-doc .m-endpoint").filter(has_text="/api/v1/bodies.csv")
    operation.locator(".endpoint-head").click()
    operation.get_by_role("button", name="TRY").click()
    expect(operation.locator("api-request")).to_contain_text("宁夏回族自治区", timeout=30_000)
    page.goto(f"{site}/api/v1/docs?lang={language}#query.unknown")
    expect(page.locator("dt:target")).to_have_text("query.unknown")
    assert page.evaluate("window.violations") == []
    assert wrong == []
    assert hosts <= {urlsplit(site).netloc, ""}
    page.close()
