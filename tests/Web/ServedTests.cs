using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Server;
using Dayu.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dayu.Tests;

/// <summary>The page and the server together: what one says the other understands.</summary>
public sealed class WebServedTests(Browser browser)
{
    static Task<TestServer> Serve(ScriptedModel model, Func<ServerSettings, ServerSettings>? with = null) =>
        TestServer.WithPages([new("scripted", model.Open)], pages => pages.MapDayuPage(), with);

    [Fact]
    public async Task AnswerComesWithItsThoughtsAndItsTokens()
    {
        using var model = ScriptedModel.Chat("<think>", "a", "</think>", "Hello", " world", "大1", "大2");
        await using var server = await Serve(model);
        await using var visit = await Visit.To(server.Server.Address.ToString(), browser);
        await Expect(visit.Page.Locator("#only")).ToHaveTextAsync("scripted");
        await visit.Ask(ScriptedModel.Ask);
        await Expect(visit.Answer).ToHaveTextAsync("Hello world大");
        await Expect(visit.Last.Locator("summary")).ToHaveTextAsync("Thoughts");
        await Expect(visit.Last.Locator(".measure")).ToContainTextAsync("7 tokens");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Again" }).ClickAsync();
        await Expect(visit.Last.Locator(".siblings")).ToContainTextAsync("2 of 2");
        await Expect(visit.Answer).ToHaveTextAsync("Hello world大");
        visit.IsClean();
    }

    [Fact]
    public async Task StopFreesThePlaceInTheEngine()
    {
        using var model = ScriptedModel.Chat([.. Enumerable.Repeat("a", 240)]);
        ModelOffer offer = new("scripted", model.Open) { Limits = new() { Pieces = 4 } };
        await using var server = await TestServer.WithPages([offer], pages => pages.MapDayuPage());
        using var lease = await server.Models.Use(offer);
        await using var visit = await Visit.To(server.Server.Address.ToString(), browser);
        await visit.Ask(ScriptedModel.Ask);
        await Expect(visit.Answer).ToContainTextAsync("a");
        await visit.Press("Escape");
        await visit.Ended();
        await TestServer.Until(() => lease.Model.Engine.Load is { Running: 0, Waiting: 0 });
        visit.IsClean();
    }

    [Fact]
    public async Task RefusalsAreUnderstood()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await Serve(model, s => s with { Keys = [ApiKey.Of("open sesame")] });
        await using var visit = await Visit.To(server.Server.Address.ToString(), browser);
        await visit.Page.GetByLabel("Key", new() { Exact = true }).FillAsync("open sesame");
        await visit.Press("Enter");
        await Expect(visit.Page.Locator("#only")).ToHaveTextAsync("scripted");
        await visit.Ask(new string('x', 400));
        await Expect(visit.Notice).ToContainTextAsync("longer than the model can read");
        await Expect(visit.Notice).ToContainTextAsync("401 tokens");
        await visit.Ask(ScriptedModel.Ask);
        await Expect(visit.Answer).ToHaveTextAsync("Hello");
        visit.IsClean("Failed to load resource");
    }

    /// <summary>Programs get one line where browsers get the page.</summary>
    [Fact]
    public async Task OnlyBrowsersGetThePage()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await Serve(model);
        Assert.StartsWith("Dayu is running", await server.Client.GetStringAsync("/"));
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept", "text/html,*/*" } } };
        Assert.StartsWith("<!doctype html>", await (await server.Client.SendAsync(asked)).Content.ReadAsStringAsync());
    }

    /// <summary>A real model; two people at once, one in each language, on a desktop and on a phone.</summary>
    [Fact]
    public async Task TwoPeopleTalkToARealModelAtOnce()
    {
        var path = TestModels.Chat;
        using var on = new CpuBackend(2);
        ModelOffer offer = new("smollm2", () => Pretrained.Open(path, on));
        await using var server = await TestServer.WithPages([offer], pages => pages.MapDayuPage());
        var address = server.Server.Address.ToString();
        await using var desk = await Visit.To(address, browser);
        await using var phone = await Visit.To(address, browser, new("zh-CN", 375, 720, Dark: true, Touch: true));
        await desk.Ask("Name one colour.");
        await phone.Ask("你好");
        await Expect(desk.Answer).Not.ToBeEmptyAsync();
        await Expect(phone.Answer).Not.ToBeEmptyAsync();
        await phone.Send.DispatchEventAsync("click");                // still being written; or over: then it can do nothing
        await desk.Press("Escape");
        await desk.Ended();
        await phone.Ended();
        await phone.Fits();
        desk.IsClean();
        phone.IsClean();
    }
}
