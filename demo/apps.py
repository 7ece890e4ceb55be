from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"

    def ready(self) -> None:
        from demo import moving
        from salon import clock

        clock.move_by(moving.ahead)
