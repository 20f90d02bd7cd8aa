"""The Lambda functions: Chalice finds them all from here."""

from chalice.app import Chalice

from chalicelib.http.blueprints import BLUEPRINTS
from chalicelib.http.endpoint import PREFIX
from chalicelib.jobs import (
    anchor,
    announce,
    bundle,
    deliver,
    erase,
    inspect,
    lapse,
    notify,
    outage,
    publish,
    sweep,
    verify,
)

# Chalice would give our logs a form and a level of its own.
app = Chalice(app_name="recourse", configure_logs=False)

for blueprint in BLUEPRINTS:
    app.register_blueprint(blueprint, url_prefix=PREFIX)
for job in (sweep, lapse, inspect, notify, outage, publish, announce, deliver, erase, bundle, anchor, verify):
    app.register_blueprint(job.jobs)
