%% Counters behind gen_server, as the benchmarks' grains are counters behind a reference: 1,000 of them, called by as many
%% processes as asked for. A virtual machine reads "CALLERS CALLS" from its input and answers with nanoseconds per call,
%% until its input ends.
-module(counter).
-behaviour(gen_server).

-export([ask/0, ask/1, serve/0]).
-export([init/1, handle_call/3, handle_cast/2]).

-define(COUNTERS, 1000).

%% Calls counters of this virtual machine.
ask() -> run(fun() -> converse(counters()) end).

%% Calls the counters of another one, which does serve/0.
ask([Node]) -> run(fun() -> converse(gen_server:call({counters, list_to_atom(Node)}, counters)) end).

%% Lets another virtual machine call counters of this one.
serve() ->
    run(fun() ->
        {ok, _} = gen_server:start({local, counters}, ?MODULE, counters(), []),
        io:format("ready~n"),
        eof = io:get_line(""),
        halt(0)
    end).

%% Whatever goes wrong ends the virtual machine, so that nobody waits for it.
run(Body) ->
    spawn(fun() ->
        try
            Body()
        catch
            _:Reason ->
                io:format(standard_error, "~p~n", [Reason]),
                halt(1)
        end
    end).

converse(Counters) ->
    persistent_term:put(?MODULE, list_to_tuple(Counters)),
    io:format("ready~n"),
    answer().

answer() ->
    case io:get_line("") of
        eof ->
            halt(0);
        Line ->
            [Callers, Calls] = [list_to_integer(Word) || Word <- string:lexemes(Line, " \n")],
            io:format("~.3f~n", [measure(Callers, Calls div Callers)]),
            answer()
    end.

measure(Callers, Each) ->
    Began = erlang:monotonic_time(nanosecond),
    Tasks = [
        spawn_monitor(fun() -> call(Caller * 37, Each, persistent_term:get(?MODULE)) end)
     || Caller <- lists:seq(0, Callers - 1)
    ],
    [
        receive
            {'DOWN', Task, process, _, Reason} -> normal = Reason
        end
     || {_, Task} <- Tasks
    ],
    (erlang:monotonic_time(nanosecond) - Began) / (Callers * Each).

call(_, 0, _) ->
    ok;
call(Index, Left, Counters) ->
    gen_server:call(element(Index rem ?COUNTERS + 1, Counters), increment),
    call(Index + 1, Left - 1, Counters).

counters() ->
    [
        begin
            {ok, Counter} = gen_server:start(?MODULE, 0, []),
            Counter
        end
     || _ <- lists:seq(1, ?COUNTERS)
    ].

init(State) -> {ok, State}.

handle_call(increment, _From, Value) -> {reply, Value + 1, Value + 1};
handle_call(counters, _From, Counters) -> {reply, Counters, Counters}.

handle_cast(_, State) -> {noreply, State}.
