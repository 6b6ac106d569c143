#!/usr/bin/env node
process.stdout.write('ingress2istio\n');
