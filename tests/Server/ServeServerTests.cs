using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Dayu.Cli;

namespace Dayu.Tests;

/// <summary>serve, ps and stop, as they are called.</summary>
public sealed class ServeServerTests
{
    [Fact]
    public async Task ServerIsStartedListedAndStopped()
    {
        using var model = ScriptedModel.Chat("Hello");
        using var data = new TempFolder();
        Served.Caller(data.Path).Run("ps").Warns("No server runs");
        Assert.Equal(3, Served.Caller(data.Path).Run("stop").Code);
        var (ended, address) = await Served.Start(data.Path, new(), model.Path, "--api-key", "secret");
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("x-api-key", "secret");
        using var content = new StringContent("""{ "messages": [{ "role": "user", "content": "ask" }] }""");
        Assert.Contains("Hello", await (await client.PostAsync("/v1/chat/completions", content)).Content.ReadAsStringAsync());

        var server = Served.Caller(data.Path).Run("ps", "--json").Json["servers"]![0]!;
        Assert.Equal(address.ToString(), (string?)server["address"]);
        var name = (string)server["models"]![0]!["name"]!;
        Assert.Equal(Path.GetFileName(model.Path), name);
        Served.Caller(data.Path).Run("ps").Says(name);
        Assert.Equal(3, Served.Caller(data.Path).Run("stop", "other").Code);
        Served.Caller(data.Path).Run("stop", name).Says(name);
        Assert.Empty(Served.Caller(data.Path).Run("ps", "--json").Json["servers"]![0]!["models"]!.AsArray());
        Assert.Equal(3, Served.Caller(data.Path).Run("stop", "--port", "1").Code);
        Served.Caller(data.Path).Run("stop").Says("has ended");
        var ran = await ended;
        Assert.Equal(0, ran.Code);
        ran.Warns("POST /v1/chat/completions");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(data.Path, "serve")));
    }

    [Fact]
    public async Task SignalEndsIt()
    {
        using var model = ScriptedModel.Chat("Hello");
        using var data = new TempFolder();
        var interrupts = new Interrupts();
        string[] options = ["--together", "2", "--waiting", "4", "--keep-alive", "1m", "--log-text"];
        var (ended, _) = await Served.Start(data.Path, interrupts, ["-m", model.Path, .. options]);
        interrupts.Signal(PosixSignal.SIGINT);
        Assert.Equal(130, (await ended).Code);
    }

    /// <summary>Without a name, all that ls lists can be asked for, also what comes while it runs.</summary>
    [Fact]
    public async Task AllModelsAtHandAreOffered()
    {
        using var model = ScriptedModel.Chat("Hello");
        using var data = new TempFolder();
        Assert.Equal(3, Served.Caller(data.Path).Run("serve", "--port", "0").Code);
        Directory.CreateDirectory(data["models"]);
        CopyFolder(model.Path, Path.Combine(data["models"], "one"));
        var interrupts = new Interrupts();
        var (ended, address) = await Served.Start(data.Path, interrupts);
        using var client = new HttpClient { BaseAddress = address };
        CopyFolder(model.Path, Path.Combine(data["models"], "two"));
        var models = JsonNode.Parse(await client.GetStringAsync("/v1/models"))!["data"]!.AsArray();
        Assert.Equal(["one", "two"], models.Select(m => (string?)m!["id"]));
        interrupts.Signal(PosixSignal.SIGTERM);
        Assert.Equal(143, (await ended).Code);
    }

    static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    [Fact]
    public void WhatCannotBeIsSaid()
    {
        using var model = ScriptedModel.Chat("Hello");
        using var data = new TempFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = $"{((IPEndPoint)taken.LocalEndpoint).Port}";
        var ran = Served.Caller(data.Path).Run("serve", model.Path, "--port", port);
        Assert.Equal(6, ran.Code);
        ran.Warns($"cannot listen on port {port}");
        (string[] Arguments, int Code, string Says)[] wrong =
        [
            (["--host", "0.0.0.0"], 2, "--api-key"), (["--host", "nowhere"], 2, "no address"), (["--port", "70000"], 2, "65535"),
            (["--together", "0"], 2, "--together"), (["--keep-alive", "soon"], 2, "--keep-alive is soon"),
            (["--api-key", "sha256:1"], 2, "hexadecimal"),
        ];
        foreach (var (arguments, code, says) in wrong)
        {
            var refused = Served.Caller(data.Path).Run(["serve", model.Path, .. arguments]);
            Assert.Equal(code, refused.Code);
            refused.Warns(says);
        }
        Assert.Equal(3, Served.Caller(data.Path).Run("serve", "missing.gguf").Code);
        File.WriteAllBytes(data["empty.gguf"], []);
        var empty = Served.Caller(data.Path).Run("serve", data["empty.gguf"], "--port", "0");
        Assert.Equal(7, empty.Code);
        Assert.Empty(empty.Out);
    }
}
