"""What shops and agencies write over photographs: English, German, French, Spanish, Italian.

All in lower case without accents, as `overlay` compares it. A list holds what a label says rarely:
`new`, an address or © stand on many labels, so they are in `CROSSING`, which counts only where a
line leaves the product. `50 %` alone is in none (cotton, cocoa), nor is `bestseller` in `ANYWHERE`
(covers of books).
"""

WHOLE_LINES = frozenset(
    {
        *("sale", "big sale", "final sale", "flash sale", "super sale", "summer sale"),
        *("winter sale", "mid season sale", "on sale", "sales", "offer", "special offer"),
        *("top offer", "discount", "clearance", "hot deal", "top deal", "promo", "promotion"),
        *("angebot", "sonderangebot", "aktion", "rabatt", "reduziert", "ausverkauf"),
        *("solde", "soldes", "remise", "offre", "offre speciale", "promotions"),
        *("oferta", "ofertas", "super oferta", "descuento", "descuentos", "rebaja", "rebajas"),
        *("offerta", "offerte", "sconto", "sconti", "saldi", "promozione"),
    }
)
"""Count where a line says nothing else: `sale marino` is salt, and `sale` is part of much."""

ANYWHERE = (
    # Delivery, price, purchase
    *("free shipping", "free delivery", "ships free", "free returns", "next day delivery"),
    *("gratisversand", "gratis versand", "kostenloser versand", "versandkostenfrei"),
    *("livraison gratuite", "livraison offerte", "envio gratis", "envio gratuito"),
    *("spedizione gratuita", "spedizione gratis", "consegna gratuita"),
    *("best price", "lowest price", "bestpreis", "tiefpreis", "prix casse", "meilleur prix"),
    *("mejor precio", "miglior prezzo", "prezzo speciale", "prezzo shock"),
    *("buy now", "shop now", "order now", "jetzt kaufen", "jetzt bestellen", "achetez maintenant"),
    *("compra ahora", "compra ya", "acquista ora", "buy 1 get", "buy one get", "bogo"),
    *("sold out", "ausverkauft", "agotado", "esaurito", "nur noch heute", "solo hoy", "solo oggi"),
    *("limited offer", "limited time", "today only", "while stocks last", "derniers jours"),
    *("ultimos dias", "ultimi giorni", "black friday", "cyber monday", "prime day"),
    *("money back", "geld zuruck garantie", "satisfait ou rembourse"),
    # Agencies and their marks
    *("shutterstock", "gettyimages", "getty images", "istockphoto", "adobe stock", "adobestock"),
    *("alamy", "dreamstime", "depositphotos", "123rf", "fotolia", "bigstock", "canstock"),
    *("stock photo", "stockphoto", "pixta", "freepik", "vectorstock", "picfair", "imago images"),
    *("watermark", "wasserzeichen", "filigrane", "filigrana", "marca de agua"),
)
"""Phrases that count wherever they stand. Compared without spaces, as readers often lose them."""

CROSSING = frozenset(
    {
        *("new", "neu", "nouveau", "nouveaute", "nuevo", "nueva", "novedad", "nuovo", "novita"),
        *("bestseller", "topseller", "exclusive", "exklusiv", "exclusif", "exclusivo", "esclusivo"),
        *("sample", "muster", "echantillon", "muestra", "campione", "preview", "vorschau"),
        *("apercu", "anteprima", "proof", "draft", "entwurf", "copyright", "photo", "foto"),
        *("off", "hot", "deal", "sale", "angebot", "soldes", "oferta", "offerta"),
    }
)
"""Words that count in a line that leaves the product."""

OFF = r"""
    (?:^|\s) [-\u2212\u2013] \s? \d{1,2} \s? %
    | \d{1,2} \s? % \s? (?: off | rabatt | reduziert | gunstiger | sparen | de\ (?:reduction|remise)
                          | de\ descuento | descuento | dto | di\ sconto | sconto )
    | (?: save | spare[n]? | up\ to | bis\ zu | jusqu.?a | hasta | fino\ al? ) \s?
      [-\u2212\u2013]? \d{1,2} \s? %
"""
"""A price cut (verbose regular expression); counts wherever it stands."""

ADDRESSES = r"""
    www\s?\. | https?: | \b[\w-]{3,}\.(?:com|net|org|shop|store|de|fr|es|it|eu|co\.uk|at|ch)\b
    | [\w.-]+@[\w-]+ | (?<!\w)@\w{4,} | \u00a9 | \(c\)\s?\d{4} | \u00ae?\ all\ rights\ reserved
    | (?: \+ | \b00 | \btel\W* | \bcall\W* ) \d [\d\s()/.-]{6,} \d
"""
"""Web and mail addresses, telephone numbers, © (verbose); count in a line that leaves the product:
packages carry their maker's."""
