# Install and compile with the full toolchain; run with what is needed, as an unprivileged user.
FROM node:22.21.1-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci && npm prune --omit=dev

# The public site and the log's files: pages and a web server, nothing of the ledger. The log is mounted at /srv/log. It reads
# that as the user who writes it.
FROM nginxinc/nginx-unprivileged:1.29.3-alpine AS static
COPY --from=build /app/deploy/static.conf /etc/nginx/conf.d/default.conf
COPY --from=build /app/apps/portal/dist /srv/site
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/health"]

# The program; last, so that it is what a plain build makes.
FROM node:22.21.1-bookworm-slim AS ledger
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=node:node /app /app
RUN mkdir -p /app/data && chown node:node /app/data
USER node
EXPOSE 7420
VOLUME /app/data
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:7420/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Room for what a request leaves behind, and no marking of the heap while it is small: a twentieth less work a sale.
ENTRYPOINT ["node", "--max-semi-space-size=64", "--initial-old-space-size=512", "apps/cli/bin/aidtrail.js"]
CMD ["serve", "--host", "0.0.0.0"]
