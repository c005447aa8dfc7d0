"""The pages of the view of what was reported: looked at first, then rendered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from glokal.site.page_templates import page_templates
from glokal.site.renderer import PagePlace, PageRenderer
from glokal.site.view_pages import HOME, ViewBox, differing_box, with_links


class SurveyRenderer(PageRenderer):
    """Writes nothing: it looks at what the pages of the reported view would be."""

    of_reported = True
    writes = False

    def render(
        self,
        template: str,
        lang: str,
        path: str | Mapping[str, str],
        title: str,
        *,
        box: ViewBox | None = None,
        way_in: bool = False,
        **values: Any,
    ) -> None:
        """Remember what a page is made from."""
        del box
        made_from = (template, title, values)
        self.survey.look(lang, self._paths(path)[lang], made_from, way_in=way_in)


class ReportedRenderer(PageRenderer):
    """Renders the pages of the view of what was reported, where they differ."""

    of_reported = True

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, Any]]:
        """The words of the pages, by language, as this view has them."""
        usual = super().words
        return {lang: {**w, **w.get("in_reported", {})} for lang, w in usual.items()}

    def shows(self, lang: str, path: str) -> bool:
        """Whether the view has a page of its own at a path."""
        return self.survey.has(lang, path)

    def render(
        self,
        template: str,
        lang: str,
        path: str | Mapping[str, str],
        title: str,
        *,
        box: ViewBox | None = None,
        way_in: bool = False,
        **values: Any,
    ) -> None:
        """Render a page if it differs."""
        if self.shows(lang, self._paths(path)[lang]):
            # It is found by the page of the strategy, which has the box.
            values["searchable"] = False
            super().render(template, lang, path, title, box=box, **values)

    def own_home(self, lang: str) -> str:
        """Return the path of a language's root in the view of these pages."""
        return self.reported_home(lang)

    def _ways(self, lang: str, own: str, local: str) -> object:
        # Each link leads to the one view or the other.
        return super()._ways(lang, own, local), self.survey.differing()

    def _boxed(
        self, lang: str, path: str, made_from: object, box: ViewBox | None
    ) -> ViewBox | None:
        del made_from
        other = self.home(lang) + path
        return differing_box(box, other, is_reported=True)

    def _page(
        self,
        template: str,
        lang: str,
        place: PagePlace,
        title: str,
        values: Mapping[str, Any],
    ) -> str:
        own, paths, up = place.path, place.translations, place.up
        there = [
            (o, (self.reported_home(o) if self.shows(o, p) else self.home(o)) + p)
            for o, p in paths.items()
        ]
        text = (
            page_templates()
            .get_template(template)
            .render(
                {
                    **self._usual(lang, own, paths, up),
                    "structured": self._structured(lang, own, title, values),
                    **values,
                    "translations": there,
                },
                title=title,
                here=own,
                root=up,
                home=HOME,
            )
        )
        ways = (up + self.home(lang)) or "./", up + self.reported_home(lang)
        return with_links(text, self.survey, lang, *ways)
