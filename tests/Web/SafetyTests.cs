using System.Net;
using Dayu.Web;
using static Microsoft.Playwright.Assertions;

namespace Dayu.Tests;

/// <summary>What a model writes is text, whatever it is; the page asks nobody but its own server.</summary>
public sealed class WebSafetyTests(Browser browser)
{
    static readonly string[] hostile =
    [
        "<script>document.title = 'taken'</script>", "<img src=x onerror=\"document.title='taken'\">", "<b>bold</b> &amp; &lt;",
        "[link](javascript:document.title='taken') ![](http://elsewhere.invalid/x.png)", "</div></main><style>*{display:none}</style>",
        "```<img src=x onerror=alert(1)>\n</code></pre><script>1</script>\n```", "**<i>x</i>** `<u>y</u>` *<s>z</s>*",
        "# <h1 onclick=alert(1)>\n- <a href=//elsewhere.invalid>", "\u202Eright to left \u2066isolate", "zero\u200B\u200Dwidth\uFEFF",
        "lone \\ud800 and \u0000 and \uFFFD", new string('`', 4000), new string('*', 4000), "- " + new string(' ', 4000) + "- x",
        string.Concat(Enumerable.Repeat("**a*b`c", 600)), "1" + new string('9', 300) + ". long number", new string('#', 3000) + " x",
    ];

    [Fact]
    public async Task MarkupInAnAnswerIsText()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser, new(Width: 375));
        foreach (var text in hostile)
        {
            server.Next(Script.Of(text[..(text.Length / 2)], text[(text.Length / 2)..]));
            await visit.Ask(text.Replace('\0', ' '));
            await visit.Ended();
        }
        await Expect(visit.Page.Locator(".turn")).ToHaveCountAsync(hostile.Length);
        await Expect(visit.Page).ToHaveTitleAsync("Dayu");
        await Expect(visit.Page.Locator("#log :is(script, img, style, a, b, i, u, s, h1)")).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator(".turn").Nth(2).Locator(".answer > .prose")).ToHaveTextAsync(hostile[2]);
        await visit.Fits();
        visit.IsClean();
    }

    /// <summary>The policy is not only sent: a script that found its way in would not run.</summary>
    [Fact]
    public async Task InjectedScriptDoesNotRun()
    {
        await using var server = await ScriptedServer.Start("tiny");
        await using var visit = await Visit.To(server.Address, browser);
        await visit.Page.EvaluateAsync(
            "() => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title=1\">'); "
            + "const s = document.createElement('script'); s.textContent = 'document.title = 2'; document.body.append(s); }");
        await Expect(visit.Page).ToHaveTitleAsync("Dayu");
        visit.IsClean("Content Security Policy", "404");
    }

    [Fact]
    public async Task PageIsSentWithItsPolicyAndNamesEveryModule()
    {
        await using var server = await ScriptedServer.Start("tiny");
        using var http = new HttpClient { BaseAddress = new(server.Address) };
        using var page = await http.GetAsync("/");
        Assert.Equal(PageRoutes.ContentSecurityPolicy, page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        var html = await page.Content.ReadAsStringAsync();
        var files = new PageFiles();
        Assert.All(files.Paths.Where(p => p.EndsWith(".js", StringComparison.Ordinal)), p => Assert.Contains($"{files.Base}/{p}\"", html));
        Assert.DoesNotContain("{", html);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await http.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task FilesAreKeptForeverUnderTheirVersionOnly()
    {
        await using var server = await ScriptedServer.Start("tiny");
        using var http = new HttpClient { BaseAddress = new(server.Address) };
        var files = new PageFiles();
        foreach (var path in files.Paths)
        {
            using var file = await http.GetAsync($"/{files.Base}/{path}");
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Equal(files.Find(path), await file.Content.ReadAsByteArrayAsync());
            Assert.Contains("immutable", file.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.NotEqual("application/octet-stream", file.Content.Headers.ContentType!.MediaType);
        }
        string[] none = ["/_dayu/page/0000/app.js", $"/{files.Base}/none.js", $"/{files.Base}/../../../etc/passwd", $"/{files.Base}/"];
        foreach (var path in none)
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(path)).StatusCode);
    }

    /// <summary>The design's budget: what has to be there before one can ask.</summary>
    [Fact]
    public void ModulesAreFewAndSmall()
    {
        var files = new PageFiles();
        string[] modules = [.. files.Paths.Where(p => p.EndsWith(".js", StringComparison.Ordinal) && p != "theme.js")];
        Assert.InRange(modules.Length, 1, 14);
        Assert.InRange(files.Paths.Sum(p => files.Find(p)!.Length), 1, 80_000);
    }
}
