"""Prints as JSON what stands on each page of a PDF: `printed.py FILE`.

Of each page `texts`, from top to bottom, and `empty`, the share of the room for them that lies below the last. What stands
at the edges, outside that room, is in `edge`.
"""

import json
import sys

from pypdf import PdfReader

# The room for text on an A4 page of a report, in points from the lower left.
LEFT, RIGHT, BOTTOM, TOP = 42, 550, 43, 805


def read(page):
    found = []

    def visit(text, matrix, text_matrix, _font, _size):
        if text.strip():
            x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
            y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
            found.append((x, y, text.strip()))

    page.extract_text(visitor_text=visit)
    inside = [place for place in found if LEFT <= place[0] <= RIGHT and BOTTOM <= place[1] <= TOP]
    inside.sort(key=lambda place: (-place[1], place[0]))
    lowest = min((place[1] for place in inside), default=TOP)
    return {
        "texts": [place[2] for place in inside],
        "edge": [place[2] for place in found if place not in inside],
        "empty": round((lowest - BOTTOM) / (TOP - BOTTOM), 3),
    }


json.dump([read(page) for page in PdfReader(sys.argv[1]).pages], sys.stdout)
