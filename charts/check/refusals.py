"""What is not rendered, and the sentence that says why. Each changes values/city-pilot.yaml."""

DEVELOPMENT = "https://issuer.luban.localhost"



REFUSALS = [
    # A secret is missing.
    *[({"results": {"secrets": {secret: ""}}}, f"secrets.{secret}: name the Secret")
      for secret in ("database", "owner", "nats", "token", "kek", "index")],
    ({"certificate-query": {"secrets": {"index": ""}}}, "secrets.index: name the Secret"),
    # So is what has no default.
    ({"results": {"settings": {"printing": {"public_query": ""}}}},
     "settings.printing.public_query: say where anybody checks certificates"),
    # A default would be used in production.
    ({"global": {"access": {"issuer": DEVELOPMENT}}}, "production refuses the development issuer"),
    ({"global": {"access": {"issuer": ""}}}, "global.access.issuer: who issues the tokens?"),
    ({"global": {"clockConfigMap": "clock"}}, "production knows only the real clock"),
    ({"global": {"image": {"tag": ""}}}, "say which version"),
    ({"global": {"image": {"tag": "latest"}}}, "not `latest`"),
    ({"global": {"nats": {"replicas": 1}}}, "production keeps 3 copies"),
    ({"global": {"nats": {"url": []}}}, "name the servers of NATS"),
    ({"registry": {"replicas": 1}}, "replicas: production needs 2"),
    ({"certificate-query": {"autoscaling": {"min": 1}}}, "autoscaling.min: production needs 2"),
    # What contradicts itself.
    ({"global": {"access": {"jwksUrl": "http://issuer.login.svc/jwks.json"}}}, "exactly one of the two"),
    ({"global": {"access": {"jwksConfigMap": ""}}}, "exactly one of the two"),
    ({"global": {"access": {"jwksConfigMap": "", "jwksUrl": "http://issuer.login.svc:80/jwks.json"}}},
     "global.access.jwksPeer: name who answers"),
    ({"review": {"database": {"cluster": ""}}}, "says where the database is"),
    ({"review": {"files": {"accessMode": "ReadWriteOnce"}}}, "it must be ReadWriteMany"),
    ({"certificate-query": {"autoscaling": {"min": 9}}}, "autoscaling.max: not below"),
    ({"registry": {"settings": {"server": {"listen": "127.0.0.1:1"}}}}, "settings.server.listen: the chart sets"),
    ({"global": {"settings": {"service": {"mode": "demo"}}}}, "global.settings.service.mode: the chart sets"),
    # What the schema knows.
    ({"registry": {"secrets": {"datbase": "x"}}}, "datbase"),
    ({"global": {"mode": "test"}}, "mode"),
    ({"global": {"access": {"jwksUrl": "https://issuer.example/jwks.json"}}}, "jwksUrl"),
    ({"registry": {"image": {"digest": "sha256:1234"}}}, "digest"),
    ({"registry": {"resources": {"limits": {"gpu": 1}}}}, "gpu"),
    ({"registry": {"egress": [{"cidr": "10.0.0.25/32", "port": 587}]}}, "egress"),
    ({"reviw": {}}, "reviw"),
]
