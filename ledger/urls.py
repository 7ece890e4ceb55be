"""The ledger's addresses."""

from django.urls import path

from ledger import statement_views, views
from ledger.chips import balance_chips

app_name = "ledger"

urlpatterns = [
    path("balances/chips/", balance_chips, name="balance_chips"),
    path("clients/<int:pk>/payment-methods/", views.payment_methods, name="payment_methods"),
    path("clients/<int:pk>/balance/", views.summary, name="summary"),
    path("clients/<int:pk>/history/", views.history, name="history"),
    path(
        "clients/<int:pk>/history/until-merge/<int:merged>/",
        views.merged_history,
        name="merged_history",
    ),
    path("clients/<int:pk>/history/<int:entry_id>/", views.entry, name="entry"),
    path("clients/<int:pk>/statement/", statement_views.shown, name="client_statement"),
    path("clients/<int:pk>/statement/email/", statement_views.email, name="email_statement"),
    path(
        "clients/<int:pk>/statement/until-merge/<int:merged>/",
        statement_views.shown,
        name="client_statement_until_merge",
    ),
    path(
        "clients/<int:pk>/statement/until-merge/<int:merged>/email/",
        statement_views.email,
        name="email_statement_until_merge",
    ),
    path("clients/<int:pk>/adjust/", views.adjust, name="adjust"),
    path("clients/<int:pk>/adjust/preview/", views.adjust_preview, name="adjust_preview"),
    path("go/<slug:cause_kind>/<str:cause_id>/", views.cause, name="cause"),
]
