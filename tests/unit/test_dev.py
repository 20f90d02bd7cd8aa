"""`make dev` tells the API everything that the template would."""

from chalicelib.settings import Settings, TokenSettings
from tools import deploy, dev, engine


def test_the_settings_that_make_dev_hands_over_are_whole():
    outputs = dict.fromkeys(dev.data_template()["Outputs"], "something")
    provider = deploy.Provider("http://127.0.0.1:1", "http://127.0.0.1:1/jwks.json")
    environment = dev.environment(engine.Engine(port=1), provider, outputs)
    assert Settings.read(environment).notice_queue_url == "something"
    assert TokenSettings.read(environment).issuer == provider.issuer
