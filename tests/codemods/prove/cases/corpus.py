"""Our rewrites of the labelled loops, by hand, in the forms that the codemod emits.

Rules: only the rewritten lines stand here, and the policies; the old code is read from the package. A rewrite is
exactly equivalent: calls that may raise what is retried never move into the retried function, and a log line that
stood outside of the handler stays outside. Where the plain form would not do, `note` says why.
"""

from __future__ import annotations

from tests.codemods.prove.cases.locators import LOCATORS
from tests.codemods.prove.cases.model import CorpusLoop

__all__ = ["CORPUS_LOOPS"]

COUNT = "count"
DELAY = "delay"
SAME = "unchanged"
LOGGING = "logging"
METHOD = "lookup"
UNREAD = "unread"


def _loop(
    name: str,
    qualname: str,
    region: tuple[int, int],
    *,
    lines: str,
    imports: str,
    policies: str,
    assumes: tuple[str, ...] = (),
    note: str = "",
) -> CorpusLoop:
    return CorpusLoop(
        name=name,
        at=LOCATORS[name],
        qualname=qualname,
        first=region[0],
        last=region[1],
        lines=lines,
        imports=imports,
        policies=policies,
        assumes=frozenset(assumes),
        note=note,
    )


CORPUS_LOOPS = (
    _loop(
        "A034",
        "ComputeEngineSSHHook._connect_to_instance",
        (356, 378),
        note="the log line stands outside of the handler, and so it does after the block of an attempt",
        imports="from mulligan import attempts\nfrom policies import SSH_CONNECT",
        policies="""
            import paramiko
            from mulligan import Policy, linear
            from mulligan.config import define

            SSH_CONNECT = define(
                Policy(
                    name="compute_ssh.connect",
                    retry_on=paramiko.SSHException,
                    schedule=linear(0, step=1),
                    max_attempts=6,
                )
            )
        """,
        lines="""
            for attempt in attempts(SSH_CONNECT):
                with attempt:
                    client = _GCloudAuthorizedSSHClient(self._compute_hook)
                    client.set_missing_host_key_policy(self._resolve_host_key_policy())
                    client.connect(
                        hostname=hostname,
                        username=user,
                        pkey=pkey,
                        sock=paramiko.ProxyCommand(proxy_command) if proxy_command else None,
                        look_for_keys=False,
                    )
                    return client
                self.log.info("Failed to connect. Waiting %ds to retry", attempt.number - 1)
        """,
        assumes=(METHOD,),
    ),
    _loop(
        "A050",
        "_send_response",
        (28, 40),
        imports="from mulligan import Execution\nfrom policies import SEND_RESPONSE",
        policies="""
            from mulligan import UNLIMITED, Policy, constant

            SEND_RESPONSE = Policy(retry_on=Exception, schedule=constant(5), max_attempts=UNLIMITED)
        """,
        lines="""
            def send():
                connection = HTTPSConnection(host)
                connection.request(method="PUT", url=url, body=json_response_body, headers=headers)
                response = connection.getresponse()
                logger.info("CloudFormation returned status code: %s", response.reason)

            Execution(
                SEND_RESPONSE,
                on_retry=lambda event: logger.error(
                    "Unexpected failure sending response to CloudFormation %s", event.error, exc_info=True
                ),
            ).run(send)
        """,
        assumes=(METHOD,),
    ),
    _loop(
        "A051",
        "handler",
        (39, 54),
        imports="from mulligan import Execution\nfrom policies import NOTIFY",
        policies="""
            from mulligan import UNLIMITED, Policy, constant

            NOTIFY = Policy(retry_on=Exception, schedule=constant(5), max_attempts=UNLIMITED)
        """,
        lines="""
            def notify():
                connection = HTTPSConnection(host)
                connection.request(
                    method="PUT", url=url, body=data, headers={"Content-Type": "", "content-length": str(len(data))}
                )
                response = connection.getresponse()
                print(f"CloudFormation returned status code: {response.reason}")

            def report(event):
                print(f"Unexpected failure sending response to CloudFormation {event.error}")

            Execution(NOTIFY, on_retry=report).run(notify)
        """,
        assumes=(METHOD,),
    ),
    _loop(
        "A052",
        "ContainerMetadataFetcher._retrieve_credentials",
        (3142, 3158),
        note="self._sleep is no known sleep: it may raise what is retried, so failures are answered as values",
        imports="from mulligan import execute\nfrom policies import CONTAINER_CREDENTIALS",
        policies="""
            from mulligan import Policy, no_delay

            CONTAINER_CREDENTIALS = Policy(retry_if=lambda found: not found, schedule=no_delay(), on_exhausted="return")
        """,
        lines="""
            credentials = failure = None

            def found():
                nonlocal credentials, failure
                try:
                    credentials = self._get_response(full_url, headers, self.TIMEOUT_SECONDS)
                    return True
                except MetadataRetrievalError as error:
                    logger.debug(
                        "Received error when attempting to retrieve container metadata: %s", error, exc_info=True
                    )
                    self._sleep(self.SLEEP_TIME)
                    failure = error
                    return False

            if not execute(CONTAINER_CREDENTIALS.replace(max_attempts=self.RETRY_ATTEMPTS), found):
                raise failure
            return credentials
        """,
        assumes=(COUNT, SAME, METHOD),
    ),
    _loop(
        "A057",
        "AADManager.create_service_principal",
        (45, 55),
        imports="from mulligan import Execution\nfrom policies import SERVICE_PRINCIPAL",
        policies="""
            from azure.cli.command_modules.role import GraphError
            from mulligan import Policy, constant
            from mulligan.config import define

            SERVICE_PRINCIPAL = define(
                Policy(name="aro.service_principal", retry_on=GraphError, schedule=constant(10), max_attempts=4)
            )
        """,
        lines="""
            def create():
                return self.client.service_principal_create({"appId": app_id})["id"]

            return Execution(
                SERVICE_PRINCIPAL,
                on_retry=lambda event: logger.warning("%s; retry %d of %d", event.error, event.attempt, 3),
            ).run(create)
        """,
        assumes=(METHOD,),
    ),
    _loop(
        "A093",
        "retry_on_exception._retry_on_exception_inner_1._retry_on_exception_inner_2",
        (36, 51),
        note="log is called outside of the handler, and so it is after the block of an attempt",
        imports="from mulligan import attempts, linear\nfrom policies import RETRY",
        policies="""
            from mulligan import Policy

            RETRY = Policy(retry_on=Exception)
        """,
        lines="""
            policy = RETRY.replace(retry_on=exc_type, max_attempts=num_retries + 1, schedule=linear(base_delay))
            for attempt in attempts(policy):
                with attempt:
                    return f(*args, **kwargs)
                log("Retrying '%s' %d more times (delay=%s)" %
                    (f.__name__, num_retries - attempt.number + 1, base_delay * attempt.number), level=INFO)
        """,
        assumes=(COUNT, DELAY),
    ),
    _loop(
        "A189",
        "flush_tool_usage_transactions",
        (211, 248),
        imports="from mulligan import execute_async\nfrom policies import FLUSH_TOOL_USAGE",
        policies="""
            from litellm.proxy._types import DB_RETRY_SAFE_ERROR_TYPES
            from mulligan import Policy, additive_jitter, exponential

            FLUSH_TOOL_USAGE = Policy(
                retry_on=DB_RETRY_SAFE_ERROR_TYPES, schedule=exponential(1, factor=2).jittered(additive_jitter(1))
            )
        """,
        lines="""
            async def flush():
                for statement_rows in spend_log_write_batches(
                    index_rows, SPEND_LOG_WRITE_BATCH_MAX_BYTES, SPEND_LOG_WRITE_BATCH_MAX_ROWS
                ):
                    async with db_span("index_spend_log_tools", "LiteLLM_SpendLogToolIndex"):
                        await index_table.create_many(data=statement_rows, skip_duplicates=True)
                async with (
                    db_span("commit_daily_tool_spend", "LiteLLM_DailyToolSpend"),
                    _tool_rollup_batch(prisma_client) as batcher,
                ):
                    batcher.execute_raw(ROLLUP_LOCK_TIMEOUT_SQL, rollup_lock_timeout_setting())
                    for (date_key, tool_name), grouped in groupby(per_tool_day, key=lambda entry: (entry[0], entry[1])):
                        entries = tuple(grouped)
                        spend = sum(entry[2] for entry in entries)
                        total_tokens = sum(entry[3] for entry in entries)
                        batcher.litellm_dailytoolspend.upsert(
                            where={"date_tool_name": {"date": date_key, "tool_name": tool_name}},
                            data={
                                "create": {
                                    "date": date_key,
                                    "tool_name": tool_name,
                                    "spend": spend,
                                    "total_tokens": total_tokens,
                                    "request_count": len(entries),
                                },
                                "update": {
                                    "spend": {"increment": spend},
                                    "total_tokens": {"increment": total_tokens},
                                    "request_count": {"increment": len(entries)},
                                },
                            },
                        )

            await execute_async(FLUSH_TOOL_USAGE.replace(max_attempts=n_retry_times + 1), flush)
        """,
        assumes=(COUNT, METHOD),
    ),
    _loop(
        "A197",
        "retry.decorator.wrapper",
        (10, 22),
        imports="from mulligan import Execution, from_delays\nfrom policies import LISTED",
        policies="""
            from mulligan import UNLIMITED, Policy

            LISTED = Policy(retry_on=Exception, max_attempts=UNLIMITED)
        """,
        lines="""
            cnt = 0

            def report(event):
                nonlocal cnt
                cnt = event.attempt
                logger.info("Exception found on retry %d: -- retry after %ds" % (cnt, event.delay))
                logger.exception(event.error)

            policy = LISTED.replace(retry_on=exception, schedule=from_delays(delays))
            try:
                return Execution(policy, on_retry=report).run(function, *args, **kwargs)
            except exception:
                logger.info("Retry failed after %d times." % (cnt))
                raise
        """,
        assumes=(DELAY, LOGGING),
    ),
    _loop(
        "A200",
        "_call_llm_via_gateway",
        (229, 243),
        imports="from mulligan import execute\nfrom policies import LLM_GATEWAY",
        policies="""
            import mlflow
            import requests
            from mulligan import Policy, exponential

            LLM_GATEWAY = Policy(
                retry_on=(requests.exceptions.RequestException, mlflow.exceptions.MlflowException),
                schedule=exponential(1),
            )
        """,
        lines="""
            def send():
                return _send_request(
                    endpoint=provider.get_endpoint_url(EndpointType.LLM_V1_CHAT),
                    headers=provider.headers,
                    payload=chat_payload,
                )

            raw_response = execute(LLM_GATEWAY.replace(max_attempts=num_retries + 1), send)
        """,
        assumes=(COUNT, METHOD),
    ),
    _loop(
        "A264",
        "get_closest_memento_url",
        (355, 365),
        note="the package's own sleep is no known sleep: it may raise what is retried, so failures are values",
        imports="from mulligan import execute\nfrom policies import MEMENTO",
        policies="""
            from mulligan import Policy, no_delay

            MEMENTO = Policy(retry_if=lambda found: not found, schedule=no_delay(), on_exhausted="return")
        """,
        lines="""
            memento_info = failure = None

            def found():
                nonlocal memento_info, failure
                try:
                    memento_info = mc.get_memento_info(url, when, timeout)
                    return True
                except (requests.ConnectionError, MementoClientException) as error:
                    failure = error
                    sleep(config.retry_wait)
                    return False

            if not execute(MEMENTO.replace(max_attempts=config.max_retries + 1), found):
                raise failure
        """,
        assumes=(COUNT, SAME, METHOD),
    ),
    _loop(
        "A286",
        "MWorkerHandle.start",
        (174, 182),
        imports="from mulligan import execute\nfrom policies import BIND",
        policies="""
            import zmq
            from mulligan import UNLIMITED, Policy, constant

            BIND = Policy(
                retry_on=zmq.error.ZMQError, schedule=constant(0.1), max_attempts=UNLIMITED, stop_after=5.0
            )
        """,
        lines="execute(BIND, lambda: self._dealer.bind(self.w_uri))",
        assumes=(METHOD,),
    ),
    _loop(
        "A295",
        "_add_firewall_rule",
        (455, 475),
        note="the log line follows the sleep, so both stay where they are and the policy has no delay",
        imports="from mulligan import execute\nfrom policies import ADD_RULE",
        policies="""
            from mulligan import Policy, no_delay

            ADD_RULE = Policy(retry_on=Exception, schedule=no_delay(), max_attempts=300)
        """,
        lines="""
            def add_rule():
                try:
                    rule_info = scp_utils.SCPClient().add_firewall_rule(
                        firewall_id, internal_ip, direction, ports, cnt)
                    if rule_info is not None:
                        rule_id = rule_info['resourceId']
                        while True:
                            rule_info = scp_utils.SCPClient().get_firewall_rule_info(
                                firewall_id, rule_id)
                            if rule_info['ruleState'] == 'ACTIVE':
                                return rule_id
                    else:
                        return None
                except Exception as e:
                    time.sleep(10)
                    logger.error(f'add firewall rule error: {e}')
                    raise

            try:
                return execute(ADD_RULE, add_rule)
            except Exception:
                pass
            raise RuntimeError('add firewall rule error')
        """,
        assumes=(METHOD, LOGGING),
    ),
    _loop(
        "A317",
        "Node.injectFile",
        (170, 182),
        imports="from mulligan import execute\nfrom policies import RSYNC",
        policies="""
            from mulligan import Policy, linear

            RSYNC = Policy(retry_on=Exception, schedule=linear(0, step=10), max_attempts=10)
        """,
        lines="""
            def inject():
                try:
                    self.coreRsync([fromFile, ":" + toFile], applianceName=role)
                    return True
                except Exception as e:
                    logger.debug("Rsync to new node failed, trying again. Error message: %s" % e)
                    raise

            try:
                return execute(RSYNC, inject)
            except Exception:
                pass
            raise RuntimeError(
                f"Failed to inject file {fromFile} to {role} with ip {self.effectiveIP}"
            )
        """,
        assumes=(METHOD, LOGGING),
    ),
    _loop(
        "A341",
        "InfoExtractor._download_webpage",
        (794, 807),
        note="self._sleep is no known sleep, so it stays, as a callback",
        imports="from mulligan import Execution\nfrom policies import PAGE",
        policies="""
            from mulligan import Policy, no_delay

            PAGE = Policy(retry_on=Exception, schedule=no_delay())
        """,
        lines="""
            res = Execution(
                PAGE.replace(retry_on=compat_http_client.IncompleteRead, max_attempts=tries),
                on_retry=lambda event: self._sleep(timeout, video_id),
            ).run(
                self._download_webpage_handle,
                url_or_request, video_id, note, errnote, fatal,
                encoding=encoding, data=data, headers=headers, query=query,
                expected_status=expected_status)
        """,
        assumes=(COUNT, METHOD),
    ),
    _loop(
        "A342",
        "DouyuShowIE._real_extract",
        (156, 170),
        note="self._sleep is no known sleep and follows the last failure too, so failures are answered as values",
        imports="from mulligan import execute\nfrom policies import VIDEO_INFO",
        policies="""
            from mulligan import Policy, no_delay

            VIDEO_INFO = Policy(
                retry_if=lambda found: not found, schedule=no_delay(), max_attempts=5, on_exhausted="return"
            )
        """,
        lines="""
            video_info = None

            def found():
                nonlocal video_info
                try:
                    video_info = self._download_json(
                        'https://vmobile.douyu.com/video/getInfo', video_id,
                        query={'vid': video_id},
                        headers={
                            'Referer': url,
                            'x-requested-with': 'XMLHttpRequest',
                        })
                    return True
                except ExtractorError:
                    self._sleep(1, video_id)
                    return False

            execute(VIDEO_INFO, found)
        """,
        assumes=(METHOD,),
    ),
    _loop(
        "A345",
        "InfoExtractor._download_webpage",
        (1193, 1201),
        note="self._sleep is no known sleep, so it stays, as a callback",
        imports="from mulligan import Execution\nfrom policies import PAGE",
        policies="""
            from mulligan import Policy, no_delay

            PAGE = Policy(retry_on=Exception, schedule=no_delay())
        """,
        lines="""
            return Execution(
                PAGE.replace(retry_on=IncompleteRead, max_attempts=tries),
                on_retry=lambda event: self._sleep(timeout, video_id),
            ).run(self.__download_webpage, url_or_request, video_id, note, errnote, None, fatal, *args, **kwargs)
        """,
        assumes=(COUNT, METHOD),
    ),
    _loop(
        "B008",
        "ESPLoader.flash_defl_block",
        (1585, 1602),
        imports="from mulligan import Execution\nfrom policies import WRITE_BLOCK",
        policies="""
            from mulligan import Policy, no_delay

            WRITE_BLOCK = Policy(retry_on=Exception, schedule=no_delay())
        """,
        lines="""
            def write():
                self.check_command(
                    f"write compressed data to flash after seq {seq}",
                    self.ESP_CMDS["FLASH_DEFL_DATA"],
                    struct.pack("<IIII", len(data), seq, 0, 0) + data,
                    self.checksum(data),
                    timeout=timeout,
                )

            def report(event):
                self.trace(
                    "Compressed block write failed, "
                    f"retrying with {WRITE_BLOCK_ATTEMPTS - event.attempt} attempts left"
                )

            Execution(
                WRITE_BLOCK.replace(retry_on=FatalError, max_attempts=WRITE_BLOCK_ATTEMPTS), on_retry=report
            ).run(write)
        """,
        assumes=(COUNT, METHOD),
    ),
    _loop(
        "T027",
        "_retry",
        (165, 175),
        imports="from mulligan import Execution, constant\nfrom policies import RETRY",
        policies="""
            from mulligan import Policy

            RETRY = Policy(retry_on=Exception)
        """,
        lines="""
            return Execution(
                RETRY.replace(max_attempts=attempts, schedule=constant(wait)),
                on_retry=lambda event: LOGGER.debug("%s, retrying in %s seconds..", event.error, wait),
            ).run(lambda: func(*func_args))
        """,
        assumes=(COUNT, DELAY),
    ),
    _loop(
        "T028",
        "AsyncUtils.async_retry.decorator.wrapper",
        (494, 506),
        imports="from mulligan import constant, execute_async\nfrom policies import RETRY",
        policies="""
            from mulligan import Policy

            RETRY = Policy(retry_on=Exception)
        """,
        lines="""
            policy = RETRY.replace(
                retry_on=retry_on_exception, max_attempts=stop_max_attempt_number + 1, schedule=constant(wait_fixed)
            )
            return await execute_async(policy, func, *args, **kwargs)
        """,
        assumes=(COUNT, DELAY),
    ),
    _loop(
        "T031",
        "retry.inner",
        (270, 284),
        note="the log line follows the sleep, so the callback sleeps and the policy has no delay",
        imports="from mulligan import Execution\nfrom policies import REPLICATED",
        policies="""
            from mulligan import Policy, no_delay

            REPLICATED = Policy(retry_on=Exception, schedule=no_delay(), max_attempts=36)
        """,
        lines="""
            def wait(event):
                time.sleep(5)
                logger.warning('Retrying %s creation: %s/%s', kwargs['entity_name_string'], event.attempt, 36)

            try:
                return Execution(REPLICATED, on_retry=wait).run(func, *args, **kwargs)
            except Exception as ex:
                logger.warning("Creating %s failed for appid. Trace followed:\\n%s",
                               kwargs['entity_name_string'], ex.response.headers if hasattr(ex, 'response') else ex)
                raise
        """,
        assumes=(LOGGING,),
    ),
    _loop(
        "T033",
        "_start_ssh_session",
        (13045, 13062),
        imports="from mulligan import Execution\nfrom policies import SSH_SESSION",
        policies="""
            from mulligan import Policy, constant

            SSH_SESSION = Policy(retry_on=Exception, schedule=constant(1), max_attempts=61)
        """,
        lines="""
            def report(event):
                logger.info(event.error)
                if event.attempt == 1:
                    logger.warning('Connection is not ready yet, please wait')
                logger.warning('.')

            def connect():
                return Connection(host=hostname, port=port, user=username, connect_kwargs={"password": password})

            try:
                c = Execution(SSH_SESSION, on_retry=report).run(connect)
            except Exception as ex:
                logger.info(ex)
                raise CLIError("Timeout Error, Unable to establish a connection")
        """,
        assumes=(LOGGING,),
    ),
    _loop(
        "T034",
        "retryable_method.decorate.call",
        (158, 166),
        imports="from mulligan import constant, execute\nfrom policies import RETRY",
        policies="""
            from mulligan import Policy

            RETRY = Policy(retry_on=Exception)
        """,
        lines="""
            policy = RETRY.replace(retry_on=excpt_type, max_attempts=retries, schedule=constant(interval_sec))
            return execute(policy, func, *args, **kwargs)
        """,
        assumes=(COUNT, DELAY),
    ),
    _loop(
        "T035",
        "retry_until_success",
        (96, 104),
        note="the log line follows the sleep, so the callback sleeps and the policy has no delay",
        imports="from mulligan import Execution\nfrom policies import UNTIL_SUCCESS",
        policies="""
            from mulligan import Policy, no_delay

            UNTIL_SUCCESS = Policy(retry_on=Exception, schedule=no_delay())
        """,
        lines="""
            def wait(event):
                time.sleep(5)
                logger.info(f"Encountered error: {event.error}. Retrying...")

            try:
                return Execution(UNTIL_SUCCESS.replace(max_attempts=retry_limit), on_retry=wait).run(
                    operation, *args, **kwargs
                )
            except Exception as e:
                raise CLIInternalError(err_txt) from e
        """,
        assumes=(COUNT, LOGGING),
    ),
    _loop(
        "T053",
        "OneDriveBackend.initialize_oauth2_session",
        (87, 101),
        imports="from mulligan import Execution, constant\nfrom policies import OAUTH",
        policies="""
            from mulligan import Policy

            OAUTH = Policy(retry_on=Exception)
        """,
        lines="""
            def connect():
                if client_id and refresh_token:
                    self.http_client = ExternalOAuth2Session(client_id, refresh_token)
                else:
                    self.http_client = DefaultOAuth2Session(self.API_URI)

            def report(event):
                e = event.error
                log.Warn(
                    _("Attempt of initialize_oauth2_session Nr. %s failed. %s: %s")
                    % (event.attempt, e.__class__.__name__, util.uexc(e))
                )

            Execution(
                OAUTH.replace(max_attempts=config.num_retries, schedule=constant(config.backend_retry_delay)),
                on_retry=report,
            ).run(connect)
        """,
        assumes=(COUNT, DELAY, SAME),
    ),
    _loop(
        "T055",
        "TestDXClientFind.test_find_analyses_run_by_jobs",
        (6042, 6051),
        imports="from mulligan import execute\nfrom policies import JOB_CREATED",
        policies="""
            from dxpy.exceptions import DXAPIError
            from mulligan import Policy, constant

            JOB_CREATED = Policy(retry_on=DXAPIError, schedule=constant(5), max_attempts=11)
        """,
        lines="""
            try:
                execute(JOB_CREATED, lambda: dxpy.api.job_describe(subjob_id, {}))
            except DXAPIError:
                raise Exception("Timeout while waiting for job to be created for an analysis stage")
        """,
    ),
    _loop(
        "T057",
        "Recorder._commit_event_session_or_retry",
        (1182, 1198),
        note="an attribute of the error is read, which may fail, so failures are answered as values",
        imports="from mulligan import constant, execute\nfrom policies import COMMIT",
        policies="""
            from mulligan import Policy

            COMMIT = Policy(retry_if=lambda committed: not committed, on_exhausted="return")
        """,
        lines="""
            failure = None

            def committed():
                nonlocal failure
                try:
                    self._commit_event_session()
                    return True
                except (exc.InternalError, exc.OperationalError) as err:
                    _LOGGER.error(
                        "%s: Error executing query: %s. (retrying in %s seconds)",
                        INVALIDATED_ERR if err.connection_invalidated else CONNECTIVITY_ERR,
                        err,
                        self.db_retry_wait,
                    )
                    failure = err
                    return False

            policy = COMMIT.replace(max_attempts=self.db_max_retries, schedule=constant(self.db_retry_wait))
            if not execute(policy, committed):
                raise failure
        """,
        assumes=(COUNT, DELAY, SAME, METHOD),
    ),
    _loop(
        "T058",
        "execute_stmt_lambda_element",
        (226, 242),
        imports="from mulligan import Execution\nfrom policies import QUERY",
        policies="""
            from mulligan import Policy, constant
            from mulligan.config import define
            from sqlalchemy.exc import SQLAlchemyError

            QUERY = define(
                Policy(name="recorder.query", retry_on=SQLAlchemyError, schedule=constant(0.1), max_attempts=3)
            )
        """,
        lines="""
            def query():
                try:
                    if orm_rows:
                        executed = session.execute(stmt)
                    else:
                        executed = session.connection().execute(stmt)
                    if use_all:
                        return executed.all()
                    return executed.yield_per(yield_per)
                except SQLAlchemyError as err:
                    _LOGGER.error("Error executing query: %s", err)
                    raise

            return Execution(QUERY).run(query)
        """,
        assumes=(METHOD, LOGGING),
    ),
    _loop(
        "T060",
        "ZhaMultiPANMigrationHelper.async_initiate_migration",
        (398, 414),
        imports="from mulligan import Execution\nfrom policies import BACKUP",
        policies="""
            from mulligan import Policy, constant

            BACKUP = Policy(retry_on=OSError, schedule=constant(1), max_attempts=5)
        """,
        lines="""
            backup = await Execution(
                BACKUP,
                on_retry=lambda event: _LOGGER.debug(
                    "Failed to create backup %r, retrying in %s seconds", event.error, RETRY_DELAY_S
                ),
            ).run_async(old_radio_mgr.async_load_network_settings, create_backup=True)
        """,
        assumes=(METHOD,),
    ),
    _loop(
        "T067",
        "",
        (42, 52),
        imports="from mulligan import execute\nfrom policies import ENCODING",
        policies="""
            from mulligan import Policy, additive_jitter, exponential

            ENCODING = Policy(
                retry_on=(FileExistsError, OSError),
                schedule=exponential(0.1, factor=2).jittered(additive_jitter(0.1)),
                max_attempts=5,
            )
        """,
        lines="""encoding = execute(ENCODING, tiktoken.get_encoding, "cl100k_base")""",
        assumes=(METHOD, UNREAD),
    ),
    _loop(
        "T069",
        "_upsert_turn_with_retry",
        (523, 531),
        imports="from mulligan import execute_async\nfrom policies import UPSERT_TURN",
        policies="""
            from litellm.proxy._types import DB_RETRY_SAFE_ERROR_TYPES
            from mulligan import Policy, additive_jitter, exponential

            UPSERT_TURN = Policy(
                retry_on=DB_RETRY_SAFE_ERROR_TYPES, schedule=exponential(1, factor=2).jittered(additive_jitter(1))
            )
        """,
        lines="""
            async def upsert():
                await write_autorouter_turn(prisma_client.db, transaction, statement)

            await execute_async(UPSERT_TURN.replace(max_attempts=n_retry_times + 1), upsert)
        """,
        assumes=(COUNT,),
    ),
    _loop(
        "T075",
        "ScorerLLMClient.complete",
        (131, 145),
        imports="from mulligan import Execution\nfrom policies import COMPLETE",
        policies="""
            from mlflow.exceptions import MlflowException
            from mulligan import Policy, exponential

            COMPLETE = Policy(retry_on=MlflowException, schedule=exponential(1))
        """,
        lines="""
            def report(event):
                _logger.debug(f"LLM call failed (attempt {event.attempt}/{num_retries + 1}), retrying...")

            return Execution(COMPLETE.replace(max_attempts=num_retries + 1), on_retry=report).run(
                self._dispatch, messages, response_format=response_format, num_retries=num_retries, **kwargs
            )
        """,
        assumes=(COUNT, METHOD),
    ),
    _loop(
        "T077",
        "download_chunk_retries",
        (621, 635),
        imports="from mulligan import constant, execute\nfrom policies import CHUNK",
        policies="""
            from mulligan import Policy

            CHUNK = Policy(retry_on=Exception)
        """,
        lines="""
            def download():
                download_chunk(
                    range_start=chunk.start,
                    range_end=chunk.end,
                    headers=headers,
                    download_path=download_path,
                    http_uri=http_uri,
                )
                _logger.info(f"Successfully downloaded chunk {chunk.index} for {chunk.path}")

            execute(CHUNK.replace(max_attempts=num_retries, schedule=constant(interval)), download)
        """,
        assumes=(COUNT, DELAY),
    ),
    _loop(
        "T097",
        "_sync_all_packages",
        (25, 42),
        imports="from mulligan import Execution\nfrom policies import SYNC_ALL",
        policies="""
            from mulligan import Policy, constant
            from pytestshellutils.exceptions import FactoryTimeout

            SYNC_ALL = Policy(retry_on=FactoryTimeout, schedule=constant(15))
        """,
        lines="""
            def sync():
                kwargs = {"_timeout": _SYNC_ALL_TIMEOUT}
                if salt.utils.platform.is_windows():
                    kwargs["saltenv"] = "base"
                ret = salt_call_cli.run("saltutil.sync_all", **kwargs)
                assert ret.returncode == 0, ret

            def report(event):
                log.warning(
                    "saltutil.sync_all timed out (attempt %s/%s), retrying: %s",
                    event.attempt,
                    _SYNC_ALL_ATTEMPTS,
                    event.error,
                )

            Execution(SYNC_ALL.replace(max_attempts=_SYNC_ALL_ATTEMPTS), on_retry=report).run(sync)
        """,
        assumes=(COUNT, METHOD),
    ),
    _loop(
        "T100",
        "_sync_all_packages",
        (25, 44),
        imports="from mulligan import Execution\nfrom policies import SYNC_ALL",
        policies="""
            from mulligan import Policy, constant
            from pytestshellutils.exceptions import FactoryTimeout

            SYNC_ALL = Policy(retry_on=FactoryTimeout, schedule=constant(15))
        """,
        lines="""
            def sync():
                kwargs = {"_timeout": _SYNC_ALL_TIMEOUT}
                if salt.utils.platform.is_windows():
                    kwargs["saltenv"] = "base"
                ret = salt_call_cli.run("saltutil.sync_all", **kwargs)
                assert ret.returncode == 0, ret

            Execution(
                SYNC_ALL.replace(max_attempts=_SYNC_ALL_ATTEMPTS),
                on_retry=lambda event: log.warning(
                    "saltutil.sync_all timed out (attempt %s/%s), retrying: %s",
                    event.attempt,
                    _SYNC_ALL_ATTEMPTS,
                    event.error,
                ),
            ).run(sync)
        """,
        assumes=(COUNT, METHOD),
    ),
    _loop(
        "T102",
        "test_requester_disconnect_midflight_leaves_worker_alive",
        (245, 253),
        note="zmq is imported inside of the function, so the class is named there",
        imports="from mulligan import execute\nfrom policies import BIND",
        policies="""
            from mulligan import UNLIMITED, Policy, constant

            BIND = Policy(retry_on=Exception, schedule=constant(0.1), max_attempts=UNLIMITED, stop_after=5.0)
        """,
        lines="""
            execute(BIND.replace(retry_on=zmq.error.ZMQError), lambda: new_dealer.bind(handle.w_uri))
        """,
        assumes=(METHOD, SAME),
    ),
    _loop(
        "T107",
        "_retry.method_with_retries",
        (142, 152),
        imports="from mulligan import constant, execute\nfrom policies import ONGOING",
        policies="""
            from mulligan import Policy

            ONGOING = Policy(retry_on=Exception)
        """,
        lines="""
            def call():
                try:
                    return method(self, *args, **kwargs)
                except SCPOngoingRequestError:
                    logger.warning('Caught a Ongoing Request. Retrying.')
                    raise

            policy = ONGOING.replace(
                retry_on=SCPOngoingRequestError, max_attempts=max_tries, schedule=constant(backoff_s)
            )
            return execute(policy, call)
        """,
        assumes=(COUNT, DELAY, LOGGING),
    ),
    _loop(
        "T117",
        "QueryHelper.delete_vcn",
        (469, 485),
        imports="from mulligan import constant, execute\nfrom policies import DELETE_VCN",
        policies="""
            from mulligan import Policy

            DELETE_VCN = Policy(retry_on=Exception)
        """,
        lines="""
            def delete():
                try:
                    delete_vcn_response = net_client.delete_vcn(
                        vcn_id=skypilot_vcn)
                    logger.debug(
                        f'Deleted vcn {skypilot_vcn}-{delete_vcn_response.data}'
                    )
                except oci_adaptor.oci.exceptions.ServiceError as e:
                    logger.info(f'Waiting del SG/IG/Subnet finish: {str(e)}')
                    raise

            policy = DELETE_VCN.replace(
                retry_on=oci_adaptor.oci.exceptions.ServiceError,
                max_attempts=oci_utils.oci_config.MAX_RETRY_COUNT,
                schedule=constant(oci_utils.oci_config.RETRY_INTERVAL_BASE_SECONDS),
            )
            execute(policy, delete)
        """,
        assumes=(COUNT, DELAY, SAME, METHOD, LOGGING),
    ),
    _loop(
        "T121",
        "SkyDockerCommandRunner._run_with_retry",
        (88, 104),
        imports="from mulligan import Execution\nfrom policies import DOCKER_RUN",
        policies="""
            import click
            from mulligan import Policy, constant

            DOCKER_RUN = Policy(retry_on=click.ClickException, schedule=constant(10), max_attempts=3)
        """,
        lines="""
            def report(event):
                cli_logger.warning(
                    f'Failed to run command {cmd!r}. '
                    f'Retrying in 10 seconds. Retry count: {event.attempt}')

            return Execution(DOCKER_RUN, on_retry=report).run(self.run, cmd, **kwargs)
        """,
        assumes=(METHOD,),
    ),
    _loop(
        "T129",
        "Node.extractFile",
        (188, 200),
        imports="from mulligan import execute\nfrom policies import RSYNC",
        policies="""
            from mulligan import Policy, linear

            RSYNC = Policy(retry_on=Exception, schedule=linear(0, step=10), max_attempts=10)
        """,
        lines="""
            def extract():
                try:
                    self.coreRsync([":" + fromFile, toFile], applianceName=role)
                    return True
                except Exception as e:
                    logger.debug("Rsync from new node failed, trying again. Error message: %s" % e)
                    raise

            try:
                return execute(RSYNC, extract)
            except Exception:
                pass
            raise RuntimeError(
                f"Failed to extract file {fromFile} from {role} with ip {self.effectiveIP}"
            )
        """,
        assumes=(METHOD, LOGGING),
    ),
)
