"""How to cite the publication: CITATION.cff, read by Zenodo, GitHub and Zotero.

Citation File Format 1.2.0, https://doi.org/10.5281/zenodo.5171937.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from glokal.catalogue.resource_texts import resource_texts, with_status
from glokal.core.languages import ByLanguage
from glokal.core.namespaces import SPDX_LICENCES
from glokal.core.settings import Project

FILE = "CITATION.cff"


def citation_file(project: Project) -> str:
    """Return the file, in the first language of the publication.

    A file of this format has to have an author. While the publication is unofficial
    nobody is named as one, and the title stands in the author's place, as styles of
    citation have it for a work without an author; the message says what it is.
    """
    lang = project.languages[0]
    author: Mapping[str, str] = {
        "name": project.publisher.name[lang],
        "website": project.publisher.url,
    }
    if project.unofficial:
        author = {"name": project.title[lang], "website": project.address}
    message = with_status(project, resource_texts(project, "citation").description)
    values: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": ByLanguage(message)[lang],
        "type": "dataset",
        "title": project.title[lang],
        "abstract": ByLanguage(with_status(project, project.description))[lang],
        "authors": [author],
        "version": project.version,
        "date-released": project.modified,
        "url": project.address,
        "keywords": list(project.catalogue.keywords[lang]),
    }
    listed = SPDX_LICENCES.get(project.licence)
    values["license" if listed else "license-url"] = listed or project.licence
    if project.contact.email:
        name = project.contact.name[lang]
        values["contact"] = [{"name": name, "email": project.contact.email}]
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=88)
