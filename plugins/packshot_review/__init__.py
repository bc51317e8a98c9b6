"""The page on which a catalogue team reviews a night. Knows no Airflow: guards are passed in.

It reads what runs wrote down and writes decisions (`transforms.publishing.decisions`), no more.
"""
