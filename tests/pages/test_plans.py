import pytest

from collection.plans import keeping
from tests.pages.conftest import texts


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("plan", sorted(keeping.samples()))
def test_every_sample_opens_in_every_view(open_page, lang, plan):
    kept = keeping.samples()[plan]
    for view in ("goals", "form"):
        shown = texts(open_page("plans", lang, plan=plan, view=view))
        assert kept.plan.name in shown.replace("\\", "")
        assert kept.plan.projects[0].name in shown
    project = kept.plan.projects[0]
    assert project.name in texts(open_page("plans", lang, plan=plan, project=project.no)).replace("\\", "")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("way", ["target", "file", "copy"])
def test_every_way_to_make_a_plan_opens(open_page, lang, way):
    assert texts(open_page("plans", lang, view="new", way=way))
