"""A stand-in for Odoo's external API, with the behaviour that real 16 to 19 servers showed where it matters.

Written from odoo.com/documentation (19.0 developer/reference/external_api, 18.0 developer/howtos/web_services) and from
what servers of 18.0 and 19.0 answered: `load` is one transaction and appends lines on a second call, posting twice is
an error, JSON-RPC tells errors with status 200, `/json/2` with a status and {name, message, arguments, context, debug},
a wrong key gives false (JSON-RPC) or 401 (`/json/2`), errors carry a traceback.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.support.contract_server import Answer, Call

KEY = "0d00-k3y"
TRACEBACK = 'Traceback (most recent call last):\n  File "/opt/odoo/http.py", line 1\nodoo secret internals'
TAX = 0.2


class Fault(Exception):
    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def rounded(quantity: float, price: float) -> float:
    """A line's sum, half up, as Odoo rounds."""
    return float((Decimal(str(quantity)) * Decimal(str(price))).quantize(Decimal("0.01"), ROUND_HALF_UP))


class OdooStandIn:
    """One database: EUR is the company's currency, 20 % tax is added to what is invoiced."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.tables: dict[str, dict[int, dict[str, Any]]] = {
            "res.partner": {7: {"name": "Brightmill Ltd", "email": "accounts@brightmill.example"}},
            "res.country": {21: {"code": "ES", "name": "Spain"}, 22: {"code": "NO", "name": "Norway"}},
            "res.currency": {1: {"name": "EUR", "decimal_places": 2}, 2: {"name": "USD", "decimal_places": 2}},
            "account.move": {},
            "account.payment": {},
            "account.payment.register": {},
            "ir.model.data": {},
        }
        self.effects: list[str] = []
        self.refuse: dict[str, Fault] = {}
        self.discount = 0.0

    def __call__(self, call: Call) -> Answer:
        if call.path == "/jsonrpc":
            return self._json_rpc(call)
        if self.version < 19 or not call.path.startswith("/json/2/"):
            return Answer(b"<html>404", 404)
        return self._json2(call)

    def _json_rpc(self, call: Call) -> Answer:
        params = call.json["params"]
        arguments = params["args"]
        try:
            if params["method"] == "version":
                result: Any = {"server_version_info": [self.version, 0, 0, "final", 0, ""]}
            elif params["method"] == "authenticate":
                result = 2 if arguments[1:3] == ["bot", KEY] else False
            else:
                database, user, key, model, method, places, keywords = arguments
                if (database, user, key) != ("books", 2, KEY):
                    raise Fault("odoo.exceptions.AccessDenied", "Access Denied")
                result = self._call(model, method, places, keywords)
        except Fault as fault:
            data = {"name": fault.name, "message": str(fault), "debug": TRACEBACK, "arguments": [str(fault)]}
            return Answer(
                {"jsonrpc": "2.0", "id": 1, "error": {"code": 200, "message": "Odoo Server Error", "data": data}}
            )
        return Answer({"jsonrpc": "2.0", "id": 1, "result": result})

    def _json2(self, call: Call) -> Answer:
        if call.headers.get("authorization") != f"bearer {KEY}" or call.headers.get("x-odoo-database") != "books":
            return Answer(
                {"name": "werkzeug.exceptions.Unauthorized", "message": "Invalid apikey", "debug": TRACEBACK}, 401
            )
        _, _, _, model, method = call.path.split("/")
        keywords = dict(call.json)
        places = [keywords.pop("ids")] if "ids" in keywords else []
        if method == "create":
            places = [keywords.pop("vals_list")]
        try:
            return Answer(self._call(model, method, places, keywords))
        except Fault as fault:
            return Answer(
                {"name": fault.name, "message": str(fault), "arguments": [], "context": {}, "debug": TRACEBACK}, 422
            )

    def _call(self, model: str, method: str, places: list[Any], keywords: dict[str, Any]) -> Any:
        if method in self.refuse:
            raise self.refuse[method]
        if method == "search_read":
            return self._search(model, keywords["domain"], keywords["fields"], keywords["limit"])
        if method == "load":
            return self._load(model, keywords["fields"], keywords["data"])
        if method == "create":
            assert model == "account.payment.register"
            return [self._insert(model, {**values, "context": keywords["context"]}) for values in places[0]]
        [ids] = places
        return getattr(self, "_" + method)(model, ids)

    def _search(self, model: str, domain: list[Any], fields: list[str], limit: int) -> list[dict[str, Any]]:
        def term(record: dict[str, Any], condition: list[Any]) -> bool:
            field, operator, value = condition
            mine = record.get(field)
            if operator == "=":
                return mine == value
            if operator == "=ilike":
                return str(mine).lower() == value.replace("\\", "").lower()
            return value in str(mine)

        def fits(record: dict[str, Any]) -> bool:
            if domain and domain[0] == "|":
                return term(record, domain[1]) or term(record, domain[2])
            return all(term(record, condition) for condition in domain)

        records = [{"id": key, **record} for key, record in self.tables[model].items()]
        return [{"id": r["id"], **{f: r.get(f, False) for f in fields}} for r in records if fits(r)][:limit]

    def _load(self, model: str, fields: list[str], data: list[list[str]]) -> dict[str, Any]:
        head = dict(zip(fields, data[0], strict=True))
        module, _, name = head["id"].partition(".")
        known = [
            d["res_id"] for d in self.tables["ir.model.data"].values() if (d["module"], d["name"]) == (module, name)
        ]
        if model == "res.partner":
            values = {key: value for key, value in head.items() if key != "id"}
        else:
            lines = [dict(zip(fields, row, strict=True)) for row in data]
            values = {"move_type": head["move_type"], "ref": head.get("ref", False), "state": "draft", "name": False}
            values["partner_id"] = int(head["partner_id/.id"])
            currency = int(head.get("currency_id/.id") or 1)
            values["currency_id"] = [currency, self.tables["res.currency"][currency]["name"]]
            values["invoice_date_due"] = head.get("invoice_date_due", False)
            values["lines"] = [
                (
                    line["invoice_line_ids/name"],
                    float(line["invoice_line_ids/quantity"]),
                    float(line["invoice_line_ids/price_unit"]),
                )
                for line in lines
            ]
            if any(price < 0 for _, _, price in values["lines"]):
                return {"ids": False, "messages": [{"type": "error", "message": "negative\n" + TRACEBACK}]}
        if known:
            record = self.tables[model][known[0]]
            if "lines" in record:
                record["lines"] += values["lines"]
            key = known[0]
        else:
            key = self._insert(model, values)
            self._insert("ir.model.data", {"module": module, "name": name, "model": model, "res_id": key})
        self.effects.append(f"load {model}")
        self._total(model, key)
        return {"ids": [key], "messages": []}

    def _total(self, model: str, key: int) -> None:
        record = self.tables[model][key]
        if "lines" in record:
            untaxed = round(sum(rounded(quantity, price) for _, quantity, price in record["lines"]), 2)
            untaxed = round(untaxed - self.discount, 2)
            total = round(untaxed * (1 + TAX), 2)
            record |= {
                "amount_untaxed": untaxed,
                "amount_total": total,
                "amount_residual": total,
                "payment_state": "not_paid",
            }

    def _action_post(self, model: str, ids: list[int]) -> bool:
        record = self.tables[model][ids[0]]
        if record["state"] != "draft":
            raise Fault("odoo.exceptions.UserError", f"The entry {record['name']} (id {ids[0]}) must be in draft.")
        record |= {"state": "posted", "name": f"INV/2026/{ids[0]:05d}"}
        self.effects.append("post")
        return False

    def _unlink(self, model: str, ids: list[int]) -> bool:
        del self.tables[model][ids[0]]
        data = self.tables["ir.model.data"]
        self.tables["ir.model.data"] = {key: row for key, row in data.items() if row["res_id"] != ids[0]}
        self.effects.append("unlink")
        return True

    def _action_create_payments(self, model: str, ids: list[int]) -> dict[str, Any]:
        wizard = self.tables[model][ids[0]]
        [move] = wizard["context"]["active_ids"]
        invoice = self.tables["account.move"][move]
        memo = "memo" if self.version >= 18 else "ref"
        payment = {"name": f"PAY{move}", "amount": wizard["amount"], "state": "paid", memo: wizard["communication"]}
        key = self._insert("account.payment", payment)
        invoice["amount_residual"] = round(invoice["amount_residual"] - wizard["amount"], 2)
        invoice["payment_state"] = "partial" if invoice["amount_residual"] else "paid"
        self.effects.append("pay")
        return {"type": "ir.actions.act_window", "res_model": "account.payment", "res_id": key}

    def _insert(self, model: str, values: dict[str, Any]) -> int:
        key = max(self.tables[model], default=40) + 1
        self.tables[model][key] = values
        return key
