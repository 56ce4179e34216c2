# Serves the desk as `deno task start` does, with the same permissions.
FROM denoland/deno:2.9.6

WORKDIR /app
# Not the image's own folder for packages: that belongs to whom it serves as.
ENV DENO_DIR=/app/.deno DENO_NO_UPDATE_CHECK=1 NO_COLOR=1
COPY deno.json deno.lock main.ts ./
COPY routes routes
COPY domain domain
COPY jobs jobs

# What main.ts imports, as the lock file names it. Code and packages belong to root: the process that
# serves cannot change them, and owns its data alone.
RUN deno install --frozen --entrypoint main.ts && install -d -o deno -g deno /data

USER deno
ENV KV_PATH=/data/tickets.db
VOLUME /data
EXPOSE 5000
STOPSIGNAL SIGTERM

# Whether the process lives. A store that is away is no reason to end it: /ready tells of that.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["deno", "eval", "const { ok } = await fetch(`http://127.0.0.1:${Deno.env.get('PORT') || 5000}/health`); Deno.exit(ok ? 0 : 1);"]

CMD ["deno", "run", "--cached-only", "--no-prompt", "--allow-net", "--allow-env=PORT,HOST,APP_ENV,KV_PATH,DENO_KV_ACCESS_TOKEN,DENO_DEPLOYMENT_ID,DENO_TIMELINE,JWT_SECRET,JWT_SECRET_PREVIOUS,ACCESS_TOKEN_TTL,REFRESH_TOKEN_TTL,CLIENT_URL,ADMIN_EMAIL,ADMIN_PASSWORD,LOG_LEVEL,LOG_FORMAT,JOBS,ROUTING_RELAX,CLOSE_RESOLVED_AFTER_DAYS,HANDOVER_GRACE_MINUTES,SLA_WARNING_PERCENT,DESK_TIMEZONE,FEED_RETENTION_DAYS,RATE_LIMIT_PER_MINUTE,AUTH_RATE_LIMIT_PER_MINUTE,TRUST_PROXY,WEBHOOK_PRIVATE_ADDRESSES,CLASSIFY_APPLY_ABOVE,AUTO_REBALANCE,AUTO_OPTIMIZE", "--allow-read=/data", "--allow-write=/data", "main.ts", "serve"]
