"""Opens the app at one screen, in one language, over a store, as a browser would."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from collection import words

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def open_page(flagged, monkeypatch) -> Callable[..., AppTest]:
    """open_page("candidates", lang="en", store=…, criterion="8-2-2") runs the screen with that address."""
    told = []

    def opened(screen: str = "home", lang: str = "ja", *, store: Path | None = None, **query) -> AppTest:
        monkeypatch.setenv("COLLECTION_STORE", str(store or flagged.parents[1]))
        told.append(words.language.set(lang))  # AppTest reads labels in this thread
        app = AppTest.from_file(APP, default_timeout=60)
        app.query_params["lang"] = lang
        app.run()
        app.switch_page(f"collection/pages/{screen}.py")
        app.query_params = {"lang": lang, **query}
        app.run()
        assert_right(app)
        return app

    yield opened
    for token in reversed(told):
        words.language.reset(token)


def assert_right(app: AppTest) -> None:
    """Nothing unforeseen happened on the screen."""
    unexpected = words.say("screens.unexpected", at="").rstrip(". ）)")[:12]
    assert not app.exception, app.exception[0].stack_trace
    assert not [error.value for error in app.error if error.value.startswith(unexpected)]


def texts(app: AppTest) -> str:
    """Every text of the screen, one after the other."""
    kinds = ("header", "subheader", "markdown", "caption", "info", "warning", "success", "error", "html", "button")
    found = [
        getattr(element, "value", None) or getattr(element, "label", "") for kind in kinds for element in app.get(kind)
    ]
    links = [element.label for element in app.get("page_link")]
    return "\n".join(str(text) for text in [*found, *links])
