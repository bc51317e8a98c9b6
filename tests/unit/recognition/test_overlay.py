"""What is written over a photograph is told from what a product's own label says."""

import numpy as np
import pytest

from transforms.recognition.overlay import TextLine, classify_overlay, is_promotional

SIDE = 1000


def line(text, *, score=0.95, on_product=1.0, core=None, length=200, thickness=30, degrees=0.0):
    angle = np.radians(degrees)
    along = np.array([np.cos(angle), -np.sin(angle)]) * length
    down = np.array([np.sin(angle), np.cos(angle)]) * thickness
    corner = np.array([300.0, 600.0])
    corners = np.stack([corner, corner + along, corner + along + down, corner + down])
    return TextLine(
        corners.astype(np.float32), text, score, on_product, on_product if core is None else core
    )


@pytest.mark.parametrize(
    ("found", "why"),
    [
        pytest.param(line("Nordia", on_product=0.0), "beside the product", id="corner logo"),
        pytest.param(line("Nordia", on_product=0.4), "beside the product", id="mostly beside"),
        pytest.param(line("Nordia", on_product=0.97), "", id="label that fills its product"),
        pytest.param(line("No", on_product=0.0), "", id="too short to be surely text"),
        pytest.param(line("Nordia", on_product=0.0, score=0.6), "", id="an edge that reads badly"),
        pytest.param(line("SALE"), "promotional", id="badge over the product"),
        pytest.param(line("SALE", on_product=0.1), "promotional", id="badge beside it"),
        pytest.param(line("NEW", on_product=0.7), "promotional", id="badge over its edge"),
        pytest.param(line("NEW"), "", id="label that says new"),
        pytest.param(line("5ANP1E", score=0.4, length=500, degrees=30), "diagonal", id="watermark"),
        pytest.param(line("Kestrel", length=500, degrees=-40), "diagonal", id="falling"),
        pytest.param(line("str", length=250, degrees=30, on_product=0.8), "diagonal", id="leaving"),
        pytest.param(line("Title", length=250, degrees=41), "", id="title of a book that lies"),
        pytest.param(line("Title", length=900), "", id="upright title"),
        pytest.param(line("Tower", length=900, degrees=90), "", id="spine of a book"),
        pytest.param(
            line("HOO", length=500, thickness=300, degrees=30), "", id="a leaning product"
        ),
        pytest.param(
            line("Pecee", score=0.55, length=250, degrees=45, on_product=0.65, core=1.0),
            "",
            id="holes of a strap",
        ),
        pytest.param(
            line("1", score=0.55, length=420, degrees=45, on_product=0.7), "", id="handle"
        ),
    ],
)
def test_why_a_line_was_laid_over(found, why):
    assert classify_overlay(found, SIDE) == why


@pytest.mark.parametrize(
    "text",
    [
        *("FREE SHIPPING", "FREESHIPPING", "Versandkostenfrei!", "LIVRAISON GRATUITE"),
        *("ENVÍO GRATIS", "Spedizione gratuita", "-50%", "- 20 %", "50% OFF", "30% Rabatt"),
        *("20% de réduction", "SPARE 15%", "up to 70%", "SOLDES", "¡Rebajas!", "Saldi", "Sale!"),
        *("shutterstock", "iStockphoto", "© Getty Images", "BLACK FRIDAY", "Zurück? Jetzt kaufen"),
    ],
)
def test_offers_and_agencies_count_on_the_product_too(text):
    assert is_promotional(text, leaves=False)


@pytest.mark.parametrize(
    "text",
    [
        *("www.bestshop24.com", "bestshop.de", "info@shop.it", "@bestshop", "+49 30 1234567"),
        *("Tel. 030/1234567", "© 2026 Studio", "NEU", "Nouveauté", "¡NUEVO!", "SAMPLE", "Novità"),
    ],
)
def test_addresses_and_novelty_count_only_where_they_leave_the_product(text):
    assert is_promotional(text, leaves=True)
    assert not is_promotional(text, leaves=False)


@pytest.mark.parametrize(
    "text",
    [
        *("100% cotton", "70 % cacao", "Sale marino", "WHOLESALE", "Salem", "New Balance jazz"),
        *("New York", "Energy 1389 kJ / 824 kcal", "300 ml", "Photograph", "Neue Zürcher", "No.7"),
        *("Remise en forme", "4006381333931", "Free range eggs", "Shipping forecast", "10-20 cm"),
    ],
)
def test_words_of_labels_are_no_offers(text):
    assert not is_promotional(text, leaves=False)
