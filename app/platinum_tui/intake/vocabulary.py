"""How files spell the fields of each kind: keys, labels and headings, as looked up (words joined by `_`)."""

from __future__ import annotations

from collections.abc import Mapping

from platinum_tui.model.action import Kind


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_MAIL_TO = _names(
    "to recipient recipients email_to to_email recipient_email recipient_emails client_email customer_email to_address "
    "recipient_address send_to email_recipient email_address lead_email contact_email reply_to_email mail_to "
    "send_email_to an à empfänger destinataire destinatario para"
)
_MAIL_TO_WEAK = _names("email contact client customer contact_name client_name recipient_name target")
_SUBJECT = _names("subject email_subject subject_line mail_subject reply_subject betreff objet asunto oggetto assunto")
_BODY = _names(
    "body draft_body email_body message_body mail_body reply_text draft_reply reply_body draft_response "
    "reply_content proposed_reply "
    "suggested_reply email_content draft_content email_text body_text draft_email email_draft reply_draft "
    "draft_text full_body "
    "response_text draft_message reply_message email_message"
)
_BODY_WEAK = _names("message content text reply response draft")
_ATTACHMENTS = _names(
    "attachments attachment attached_files attached attached_file attachment_path attachment_file attachment_paths "
    "invoice_file invoice_pdf"
)
_MAIL: Mapping[str, tuple[str, ...]] = {
    "to": _MAIL_TO,
    "subject": _SUBJECT,
    "body": _BODY,
    "cc": _names("cc cc_recipients cc_email"),
    "bcc": _names("bcc bcc_recipients bcc_email"),
    "reply_to": _names("reply_to"),
    "attachments": _ATTACHMENTS,
}
_CURRENCY = _names("currency currency_code")
_INVOICE = _names(
    "invoice invoice_id invoice_number invoice_no invoice_ref invoice_name odoo_invoice_id odoo_invoice "
    "draft_invoice_id "
    "draft_invoice invoice_reference"
)
_AMOUNT = _names(
    "amount total amount_total total_amount payment_amount amount_due invoice_amount amount_paid paid_amount"
)

FIELDS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.EMAIL_SEND: _MAIL,
    Kind.EMAIL_REPLY: {
        **_MAIL,
        "in_reply_to": _names("in_reply_to in_reply_to_id reply_to_message_id original_message_id message_id"),
        "thread": _names("thread thread_id"),
    },
    Kind.SOCIAL_POST: {
        "platform": _names(
            "platform platforms channel network social_network target_platform target_platforms social_platform"
        ),
        "text": _names(
            "text post_content caption post_text content post_body tweet tweet_text draft_post post_caption "
            "draft_content draft_body "
            "content_text full_content full_text tweet_content final_content draft_text post copy body"
        ),
        "link": _names("link link_url url"),
        "media": _names(
            "media image image_path image_url images media_url media_urls media_path media_paths media_file "
            "media_files photo "
            "photo_path image_file video video_path video_url picture attachments attachment"
        ),
        "alt_text": _names("alt_text alt_texts media_alt_text image_alt_text image_alt alt"),
        "visibility": _names("visibility"),
        "scheduled_at": _names(
            "scheduled_at scheduled_time scheduled_for scheduled schedule schedule_time schedule_at publish_at "
            "scheduled_date "
            "schedule_date publish_time post_at"
        ),
    },
    Kind.WHATSAPP_MESSAGE: {
        "to": _names(
            "to recipient recipients phone phone_number to_phone number to_number contact recipient_phone contact_name "
            "recipient_name "
            "whatsapp_number client_phone customer_phone contact_number recipient_number chat_name whatsapp_to "
            "mobile chat "
            "contact_phone send_to"
        ),
        "chat_id": _names("chat_id jid wa_id"),
        "body": (*_BODY, *_names("whatsapp_message whatsapp_body message_text reply_message")),
        "template": _names("template template_name"),
        "language": _names("language language_code"),
    },
    Kind.ODOO_CUSTOMER_CREATE: {
        "name": _names(
            "name customer_name client_name customer client partner partner_name contact_name lead_name company "
            "company_name"
        ),
        "email": _names("email customer_email client_email email_address"),
        "phone": _names("phone phone_number mobile telephone customer_phone"),
        "vat": _names("vat vat_number tax_id vat_id"),
        "is_company": _names("is_company"),
        "street": _names("street"),
        "city": _names("city town"),
        "zip": _names("zip zip_code postal_code postcode"),
        "country": _names("country country_code"),
    },
    Kind.ODOO_INVOICE_CREATE: {
        "customer": _names(
            "customer client customer_name client_name partner partner_name bill_to billed_to invoice_to"
        ),
        "lines": _names("lines line_items items invoice_lines invoice_line_ids"),
        "amount": _AMOUNT,
        "description": _names("description line_description invoice_description"),
        "currency": _CURRENCY,
        "due_date": _names("due_date due invoice_due_date payment_due date_due invoice_date_due"),
        "reference": _names("reference ref invoice_number invoice_no po po_number purchase_order invoice_reference"),
        "post": _names("post post_immediately auto_post"),
    },
    Kind.ODOO_INVOICE_POST: {
        "invoice": _INVOICE,
        "expected_total": ("expected_total", *_AMOUNT),
        "currency": _CURRENCY,
    },
    Kind.ODOO_PAYMENT: {
        "invoice": _INVOICE,
        "amount": _AMOUNT,
        "currency": _CURRENCY,
        "date": _names("date payment_date paid_on date_paid"),
        "memo": _names("memo payment_memo communication"),
    },
    Kind.PAYMENT: {
        "payee": _names(
            "payee vendor recipient beneficiary supplier pay_to payee_name vendor_name recipient_name supplier_name "
            "beneficiary_name to paid_to creditor"
        ),
        "amount": _AMOUNT,
        "currency": _CURRENCY,
        "account": _names(
            "account iban account_number bank_account payee_account recipient_account account_iban payee_iban "
            "vendor_account "
            "vendor_iban recipient_iban beneficiary_account beneficiary_iban account_id destination_account "
            "bank_account_number creditor_iban creditor_account to_account to_iban kontonummer compte cuenta"
        ),
        "reference": _names(
            "reference ref payment_reference invoice_number invoice invoice_ref invoice_no payment_ref "
            "invoice_reference"
        ),
        "rail": _names("rail payment_method method payment_rail provider"),
        "execution_date": _names("execution_date payment_date pay_on"),
    },
    Kind.MCP_CALL: {
        "server": _names("server mcp_server"),
        "tool": _names("tool mcp_tool tool_name"),
        "arguments": _names(
            "arguments args params parameters mcp_params tool_args tool_arguments tool_params tool_input input"
        ),
    },
}

WEAK: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.EMAIL_SEND: {
        "body": _BODY_WEAK,
        "to": _MAIL_TO_WEAK,
    },
    Kind.EMAIL_REPLY: {
        "body": _BODY_WEAK,
        "to": _MAIL_TO_WEAK,
    },
    Kind.WHATSAPP_MESSAGE: {"body": _BODY_WEAK, "to": _names("client_name customer_name client customer name target")},
    Kind.SOCIAL_POST: {"text": _names("message draft")},
    Kind.ODOO_INVOICE_CREATE: {
        "customer": _names("recipient company contact to"),
        "description": _names("item service product services project"),
    },
}
"""Spellings that count only where no other gives the field: they often mean something else."""

BODY_FIELD: Mapping[Kind, str] = {
    Kind.EMAIL_SEND: "body",
    Kind.EMAIL_REPLY: "body",
    Kind.WHATSAPP_MESSAGE: "body",
    Kind.SOCIAL_POST: "text",
}

PAYLOADS = frozenset(
    _names(
        "action_payload payload mcp_params mcp_arguments params parameters arguments args draft action_details "
        "details data email "
        "message post content invoice payment tool_args tool_params tool_input action_data action_params "
        "action_parameters "
        "request request_details email_details post_details payment_details invoice_details whatsapp draft_email "
        "email_draft "
        "draft_post reply draft_content proposed_action customer fields input"
    )
)
"""Keys whose mapping is the agent's own draft. `original_email`, `result`, `context` and the like are not."""

INBOUND = frozenset(_names("from sender author received received_at snippet message_id ocr_text"))
"""Keys of the record of a message that came in."""

CREATED = _names(
    "created_at created generated_at drafted_at requested_at timestamp created_on date_created created_date "
    "requested generated "
    "queued_at submitted_at date detected_at detected"
)
EXPIRES = _names(
    "expires_at expires expiry expiry_date expires_on expiration expiration_date expiration_time valid_until "
    "approval_expires"
)
DEADLINES = _names("timeout_at sla_deadline approval_deadline")
"""Ends of a request that are no other spelling of its expiry: the earliest of all counts."""
IDS = _names("id request_id approval_id")
OTHER_IDS = _names("action_id draft_id")
"""Names of something else, as which a request without an id goes too."""
REASON = _names("reason approval_reason draft_reason why justification rationale reason_for_approval")
REVISES = _names("revises supersedes revision_of in_reply_to_task previous_request previous_version replaces_request")
SENDER = _names(
    "from original_from sender from_email sender_email original_sender reply_to from_address from_name sender_name"
)

META_LABELS = frozenset(
    _names(
        "to from cc bcc subject date created created_at generated generated_at priority platform status type topic "
        "account channel "
        "character_count characters char_count word_count length hashtags schedule scheduled scheduled_for "
        "scheduled_time image media "
        "attachment attachments recipient action action_type category source source_file original_task "
        "original_file plan_reference "
        "task_type task risk risk_level request_id draft_id expires deadline sentiment tone confidence "
        "target_audience best_time "
        "engagement note notes approval_required in_reply_to contact phone chat number character_limit related_to "
        "created_by "
        "generated_by drafted_by email_subject sender client customer company visibility post_type content_type "
        "language link url "
        "reason suggested_time posting_time best_posting_time draft_type mode estimated_reach"
    )
)
"""Labels that stand before or after a draft and are no part of it."""
